import { mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inputVariables, readActionFile } from '@meridian/lab-runner/action-file'
import { compareSnapshots, labBoundary, type Universe } from '@meridian/lab-universe'
import type { RequestFault } from '@meridian/lab-world'
import type { Environment } from '@meridian/runner'
import { type RecordedJob, testJob } from '@meridian/runner/testing'
import { vi } from 'vitest'
import { type ActionName, actions } from '../load-action.ts'
import { endingConnections } from './own-connections.ts'
import { type Repository, shop } from './owners.ts'

/** One run of an action in a world, as somebody's workflow would have it. */
export type Run = {
  readonly action: ActionName
  readonly inputs: Record<string, string>
  readonly repository?: Repository
  /** Beside the universe's own. */
  readonly env?: Record<string, string>
  /** Of its requests, while it runs. */
  readonly faults?: readonly Omit<RequestFault, 'client'>[]
  /** Of the workspace, by their names. */
  readonly files?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

export type Ran = {
  readonly job: RecordedJob
  /** What the action failed with, advice and all. */
  readonly error: string | undefined
  /** As `compareSnapshots` tells them. */
  readonly differences: readonly string[]
  /** How often each fault struck. */
  readonly struck: readonly number[]
}

/** What the policies of the documentation ask for. */
const documented: Partial<Record<ActionName, Record<string, string>>> = {
  'create-cluster': { 'permissions-boundary': labBoundary },
}

let count = 0

/** Runs an action's code in this process, with the rights that its policy gives, and compares the whole world. */
export async function runHere(universe: Universe, run: Run): Promise<Ran> {
  const { action, inputs, repository = shop, faults = [], signal, files = {} } = run
  count += 1
  const start = await actions[action]()
  const env = { ...universe.env, GITHUB_RUN_ID: String(count), ...run.env }
  for (const [name, value] of Object.entries(env)) if (name.startsWith('AWS_')) vi.stubEnv(name, value)
  const plain = testJob()
  const workspace = await mkdtemp(join(universe.directory, 'workspace-'))
  for (const [name, text] of Object.entries(files)) await writeFile(join(workspace, name), text)
  const job = testJob({
    action,
    userAgent: `meridian-${action}/0.1.0`,
    env,
    // A limit for what hangs: no verdict depends on it.
    deadline: Date.now() + 600_000,
    run: {
      ...plain.run,
      url: `https://github.com/${repository.name}/actions/runs/${count}`,
      repository: repository.name,
      repositoryId: repository.id,
      workspace,
    },
    ...(signal && { signal }),
  })
  const planned = faults.map(fault => universe.world.faults.requests.plan({ ...fault, client: action }))
  const before = universe.snapshot()
  const variables = await variablesOf(action, { ...documented[action], ...inputs })
  const error = await endingConnections(() => start(variables, job).then(() => undefined, describeError))
  const differences = compareSnapshots(before, universe.snapshot())
  for (const { forget } of planned) forget()
  return { error, job, differences, struck: planned.map(({ struck }) => struck()) }
}

async function variablesOf(action: ActionName, inputs: Record<string, string>): Promise<Environment> {
  const file = await readActionFile(fileURLToPath(new URL(`../../../actions/${action}`, import.meta.url)))
  const { env, warning } = inputVariables(file, inputs)
  if (warning !== undefined) throw new Error(warning)
  return env
}

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const fix = 'fix' in error && typeof error.fix === 'string' ? `\n${error.fix}` : ''
  const own = error.name === 'UserError' ? '' : `${error.name}: `
  return `${own}${error.message}${fix}`
}
