import { readFileSync } from 'node:fs'
import type { Universe } from '@meridian/lab-universe'
import { CancelledError } from '@meridian/runner'
import { type RecordedJob, testJob } from '@meridian/runner/testing'
import { parse } from 'yaml'
import { readInputs } from '../src/inputs.ts'
import { run } from '../src/run.ts'

const action = parse(readFileSync(new URL('../action.yml', import.meta.url), 'utf8')) as {
  inputs: Record<string, { default?: string }>
}

export type Ended = { error: Error | undefined; job: RecordedJob }

/**
 * Runs teardown in this process, so that a sweep need not start a process for each request. `client` is what the
 * world's log and faults know the run by. AWS's variables must stand in this process' environment.
 */
export async function tearDown(
  universe: Universe,
  client: string,
  inputs: Record<string, string>,
  options: {
    attempt?: number
    signal?: AbortSignal
    env?: Record<string, string>
    repository?: { id: string; name: string }
  } = {},
): Promise<Ended> {
  const { attempt = 1, signal, env, repository } = options
  const { run: plain } = testJob()
  const job = testJob({
    ...(repository && {
      run: { ...plain, repository: repository.name, repositoryId: repository.id },
    }),
    action: client,
    userAgent: `meridian-${client}/0.0.0`,
    env: { ...universe.env, GITHUB_RUN_ATTEMPT: String(attempt), ...env },
    ...(signal && { signal }),
  })
  const error = await run(readInputs(defaultsOf({ domain: universe.domain, ...inputs })), job).then(
    () => undefined,
    (reason: Error) => reason,
  )
  return { error, job }
}

/** Inputs as the runner gives them: with the defaults of action.yml. */
export function defaultsOf(given: Record<string, string>): Record<string, string> {
  const defaults = Object.entries(action.inputs).map(([name, input]) => [name, input.default ?? ''] as const)
  const values = Object.entries<string>({ ...Object.fromEntries(defaults), ...given })
  return Object.fromEntries(values.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]))
}

/** Kills a run at its k-th request: that one and all after it never leave, and nothing of the run goes on. */
export function killAt(universe: Universe, client: string, nth: number) {
  const kill = new AbortController()
  const fault = universe.world.faults.requests.plan({
    failure: 'reset-before',
    nth,
    times: Number.POSITIVE_INFINITY,
    client,
    onStrike: () => kill.abort(new CancelledError('SIGTERM')),
  })
  return { signal: kill.signal, struck: fault.struck, forget: fault.forget }
}
