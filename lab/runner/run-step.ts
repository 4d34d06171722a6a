import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ActionFile, inputVariables, readActionFile } from './action-file.ts'
import { renderText, renderTexts } from './expressions.ts'
import { type JobState, stepEnvironment, stepScope } from './job-state.ts'
import { runStepProcess, type StepProcess } from './step-process.ts'
import type { Annotation } from './workflow-commands.ts'
import type { StepDefinition } from './workflow-model.ts'
import { checkOut } from './workspace.ts'

/** How a step's own work ended, before `continue-on-error` and time limits are looked at. */
export type StepEnd = {
  ok: boolean
  annotations: Annotation[]
  outputs: Record<string, string>
  summary: string
}

export type StepWork = { state: JobState; signal: AbortSignal; onLine(line: string): void }

const nothing: StepEnd = { ok: true, annotations: [], outputs: {}, summary: '' }

/** Carries out one step of a job, whatever its kind. Throws for what is wrong with the workflow itself. */
export async function runStep(step: StepDefinition, work: StepWork): Promise<StepEnd> {
  const env = renderTexts(step.env, stepScope(work.state), 'env')
  if (step.kind === 'run') return runScript(step, env, work)
  if (step.kind === 'action') return runLocalAction(step, env, work)
  work.onLine(`Checking out the working tree of ${work.state.github.GITHUB_REPOSITORY}`)
  await checkOut(work.state.run.repository, work.state.directories.workspace)
  return nothing
}

/** Runs a post step with the inputs and the saved state of its main step. */
export async function runPostStep(
  entry: string,
  env: Record<string, string>,
  work: StepWork,
): Promise<StepEnd> {
  return settle(
    work.state,
    await spawnStep(work, process.execPath, [entry], env, work.state.directories.workspace),
  )
}

async function runScript(
  step: StepDefinition & { kind: 'run' },
  env: Record<string, string>,
  work: StepWork,
): Promise<StepEnd> {
  const { state } = work
  const scope = stepScope(state, env)
  const script = join(state.directories.temp, `${crypto.randomUUID()}.sh`)
  await writeFile(script, renderText(step.run, scope, 'run'))
  const directory =
    step.workingDirectory === undefined ? '' : renderText(step.workingDirectory, scope, 'working-directory')
  const cwd = join(state.directories.workspace, directory)
  const end = settle(state, await spawnStep(work, 'bash', bashOptions(step.shell, script), env, cwd))
  return end
}

function bashOptions(shell: unknown, script: string): string[] {
  if (shell === undefined) return ['-e', script]
  if (shell === 'bash') return ['--noprofile', '--norc', '-e', '-o', 'pipefail', script]
  throw new Error(`shell ${JSON.stringify(shell)} is not supported, only bash`)
}

async function runLocalAction(
  step: StepDefinition & { kind: 'action' },
  env: Record<string, string>,
  work: StepWork,
): Promise<StepEnd> {
  const { state } = work
  const directory = join(state.directories.workspace, step.path)
  const action = await findAction(directory)
  const { env: inputs, warning } = inputVariables(
    action,
    renderTexts(step.with, stepScope(state, env), 'with'),
  )
  const variables = { ...env, ...inputs, GITHUB_ACTION_PATH: directory }
  const run = await spawnStep(
    work,
    process.execPath,
    [join(directory, action.main)],
    variables,
    state.directories.workspace,
  )
  if (action.post !== undefined) {
    const saved = Object.fromEntries(
      Object.entries(run.state).map(([name, value]) => [`STATE_${name}`, value]),
    )
    const post = { name: step.path, entry: join(directory, action.post), condition: action.postIf }
    state.posts.push({ ...post, env: { ...variables, ...saved } })
  }
  const end = settle(state, run)
  return warning ? { ...end, annotations: [{ level: 'warning', message: warning }, ...end.annotations] } : end
}

async function findAction(directory: string): Promise<ActionFile> {
  const action = await readActionFile(directory).catch((cause: unknown) => {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause
    const hint = 'Did you forget to run actions/checkout before running your local action?'
    throw new Error(`Can't find 'action.yml' under '${directory}'. ${hint}`, { cause })
  })
  if (!existsSync(join(directory, action.main))) {
    throw new Error(
      `File not found: '${join(directory, action.main)}'. Has the action been built (npm run build)?`,
    )
  }
  return action
}

async function spawnStep(
  work: StepWork,
  command: string,
  args: string[],
  env: Record<string, string>,
  cwd: string,
): Promise<StepProcess> {
  const { state, signal, onLine } = work
  return runStepProcess({
    command,
    args,
    cwd,
    env: stepEnvironment(state, env),
    temp: state.directories.temp,
    signal,
    onMask: state.masks.add,
    onLine,
  })
}

/** Lets a step's environment files work on the rest of the job. */
function settle(state: JobState, run: StepProcess): StepEnd {
  Object.assign(state.env, run.env)
  state.path.unshift(...run.path)
  state.groups.push(run.group)
  return { ok: run.exitCode === 0, annotations: run.annotations, outputs: run.outputs, summary: run.summary }
}
