import { rmSync } from 'node:fs'
import { mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { inputVariables, readActionFile } from './action-file.ts'
import { githubVariables } from './github-variables.ts'
import { killGroup, type Patience } from './process.ts'
import { ownRepository } from './repositories.ts'
import type { StepProcess } from './started-process.ts'
import { runStepProcess } from './step-process.ts'

/** Everything a test can see of one run of an action. */
export type ActionRun = StepProcess & {
  /** The RUNNER_TEMP of the run, which its post step needs again. */ temp: string
}

export type ActionRequest = {
  /** The action's directory, such as `actions/latency-dns`. */
  dir: string
  /** Values for the action's inputs by their names in action.yml; the rest gets its default. */
  inputs?: Record<string, string>
  /** Added to a clean environment (PATH with this Node first, HOME, the GITHUB_* and RUNNER_* variables). */
  env?: Record<string, string | undefined>
  workspace?: string
  /** RUNNER_TEMP; a fresh directory by default. */
  temp?: string
  signal?: AbortSignal
  /** How long a cancelled run may take before it is killed; as on GitHub by default. */
  patience?: Patience
  /** Runs this file of the action (`src/main.ts`) instead of what action.yml names. */
  entry?: string
  onLine?(line: string): void
}

/** Runs an action's main step as the runner would: a child process, INPUT_* variables, environment files. */
export async function runAction(request: ActionRequest): Promise<ActionRun> {
  const action = await readActionFile(request.dir)
  return runEntry(request, request.entry ?? action.main, {})
}

/**
 * Runs an action's post step with the state that its main step saved.
 * Throws when action.yml names no post step.
 */
export async function runPost(
  request: ActionRequest,
  main: Pick<ActionRun, 'state' | 'temp'>,
): Promise<ActionRun> {
  const action = await readActionFile(request.dir)
  if (action.post === undefined) throw new Error(`${request.dir} has no post step`)
  const state = Object.fromEntries(
    Object.entries(main.state).map(([name, value]) => [`STATE_${name}`, value]),
  )
  return runEntry({ temp: main.temp, ...request }, request.entry ?? action.post, state)
}

async function runEntry(
  request: ActionRequest,
  entry: string,
  state: Record<string, string>,
): Promise<ActionRun> {
  const action = await readActionFile(request.dir)
  const temp = request.temp ?? (await temporaryDirectory())
  const home = join(temp, 'home')
  await mkdir(home, { recursive: true })
  const workspace = resolve(request.workspace ?? '.')
  const { env: inputs, warning } = inputVariables(action, request.inputs ?? {})
  const run = await runStepProcess({
    command: process.execPath,
    args: [resolve(request.dir, entry)],
    cwd: workspace,
    temp,
    signal: request.signal,
    ...(request.patience && { patience: request.patience }),
    env: {
      ...cleanEnvironment(),
      HOME: home,
      ...githubVariables({
        repository: ownRepository(),
        workspace,
        temp,
        trigger: { event: 'workflow_dispatch' },
        workflow: 'test',
        job: 'test',
        runId: '1',
      }),
      ...inputs,
      ...state,
      ...request.env,
    },
    ...(request.onLine && { onLine: request.onLine }),
  })
  killGroup(run.group)
  const warnings = warning ? [{ level: 'warning' as const, message: warning }] : []
  return { ...run, temp, annotations: [...warnings, ...run.annotations] }
}

const temporary: string[] = []

/** The directory outlives the call because a post step may follow; it goes when this process ends. */
async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'meridian-action-'))
  if (temporary.push(directory) === 1) {
    process.once('exit', () => {
      for (const path of temporary) rmSync(path, { recursive: true, force: true })
    })
  }
  return directory
}

/**
 * What a fresh machine would have: no credentials and no settings of whoever runs the tests. Only what Node has
 * compiled before is kept where it is told to: it changes how fast an action starts, and nothing else.
 */
export function cleanEnvironment(): Record<string, string> {
  const path = [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter)
  const { LANG = 'C.UTF-8', NODE_COMPILE_CACHE } = process.env
  return { PATH: path, LANG, TMPDIR: tmpdir(), ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }) }
}
