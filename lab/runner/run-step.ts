import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ActionFile, type CompositeAction, inputVariables, readAction } from './action-file.ts'
import { renderText, renderTexts } from './expressions.ts'
import { type JobState, stepEnvironment, stepScope } from './job-state.ts'
import { locate, parseUses } from './repositories.ts'
import { runComposite } from './run-composite.ts'
import type { StepProcess } from './started-process.ts'
import { runStepProcess } from './step-process.ts'
import type { StepEnd, StepWork } from './step-work.ts'
import type { StepDefinition } from './workflow-model.ts'
import { checkOut } from './workspace.ts'

const nothing: StepEnd = { ok: true, annotations: [], outputs: {}, summary: '' }

/** Carries out one step of a job, whatever its kind. Throws for what is wrong with the workflow itself. */
export async function runStep(step: StepDefinition, work: StepWork): Promise<StepEnd> {
  const env = renderTexts(step.env, stepScope(work.state), 'env')
  if (step.kind === 'run') return runScript(step, env, work)
  if (step.kind === 'action') return runAction(step, env, work)
  const { run, permissions, directories } = work.state
  const { ref = '' } = renderTexts(step.with, stepScope(work.state), 'with')
  work.onLine(`Checking out the working tree of ${run.repository.slug}`)
  // Of a private repository nothing is told to a token that may not read it, not even that it is there.
  if ((permissions.contents ?? 'none') === 'none')
    throw new Error(
      `remote: Repository not found.\nfatal: repository 'https://github.com/${run.repository.slug}/' not found`,
    )
  await checkOut(run.checkout(ref), directories.workspace)
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

type ActionStep = StepDefinition & { kind: 'action' }

async function runAction(step: ActionStep, env: Record<string, string>, work: StepWork): Promise<StepEnd> {
  const { directory, variables } = placeOf(step, work.state)
  const action = await findAction(directory)
  const given = renderTexts(step.with, stepScope(work.state, env), 'with')
  // Defaults of an action may read the github context, as in `${{ github.token }}`.
  const defaults = Object.entries(action.inputs).map(([name, input]) => [name, input.default ?? ''] as const)
  const inputs = { ...renderTexts(Object.fromEntries(defaults), stepScope(work.state), 'default'), ...given }
  const end =
    'steps' in action
      ? await runComposite({ action, directory, inputs, env }, work, runStep)
      : await runJavaScript(step, action, { directory, env: { ...env, ...variables }, inputs }, work)
  const { warning } = inputVariables(action, given)
  return warning ? { ...end, annotations: [{ level: 'warning', message: warning }, ...end.annotations] } : end
}

/** Where an action's files are: in the workspace, or with GitHub, which says so to the action. */
function placeOf({ uses }: ActionStep, { directories, run }: JobState) {
  const remote = parseUses(uses)
  if (remote === undefined) return { directory: join(directories.workspace, uses), variables: {} }
  const variables = { GITHUB_ACTION_REPOSITORY: remote.slug, GITHUB_ACTION_REF: remote.ref }
  return { directory: join(locate(remote, run.repositories).directory, remote.path), variables }
}

async function runJavaScript(
  step: ActionStep,
  action: ActionFile,
  given: { directory: string; env: Record<string, string>; inputs: Record<string, string> },
  work: StepWork,
): Promise<StepEnd> {
  const { state } = work
  const { perform } = state.run
  const variables = { ...given.env, ...inputVariables(action, given.inputs).env }
  if (perform) return perform({ ...work, directory: given.directory, env: stepEnvironment(state, variables) })
  const entry = (file: string): string => join(given.directory, file)
  if (!existsSync(entry(action.main)))
    throw new Error(`File not found: '${entry(action.main)}'. Has the action been built (npm run build)?`)
  const { workspace } = state.directories
  const run = await spawnStep(work, process.execPath, [entry(action.main)], variables, workspace)
  if (action.post !== undefined) {
    const saved = Object.fromEntries(
      Object.entries(run.state).map(([name, value]) => [`STATE_${name}`, value]),
    )
    const post = { name: step.uses, entry: entry(action.post), condition: action.postIf }
    state.posts.push({ ...post, env: { ...variables, ...saved } })
  }
  return settle(state, run)
}

async function findAction(directory: string): Promise<ActionFile | CompositeAction> {
  return readAction(directory).catch((cause: unknown) => {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause
    const hint = 'Did you forget to run actions/checkout before running your local action?'
    throw new Error(`Can't find 'action.yml' under '${directory}'. ${hint}`, { cause })
  })
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
  for (let at: JobState | undefined = state; at; at = at.outer) Object.assign(at.env, run.env)
  state.path.unshift(...run.path)
  state.groups.push(run.group)
  return { ok: run.exitCode === 0, annotations: run.annotations, outputs: run.outputs, summary: run.summary }
}
