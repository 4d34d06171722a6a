import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { clusterInput, type LabClusters, type Name } from '@meridian/lab-universe/testing'
import type { RequestFault } from '@meridian/lab-world'
import { type RecordedJob, testJob } from '@meridian/runner/testing'
import { vi } from 'vitest'
import { parse } from 'yaml'
import { readInputs } from '../src/inputs.ts'
import { run } from '../src/run.ts'

export type Attempt = { job: RecordedJob; error: unknown }

let attempts = 0

/**
 * Runs the action's recipe in this process, for tests of many runs: each is the next attempt of one run of a workflow,
 * or a run of its own with `run.url`. What it throws is part of the answer. AWS's own
 * variables stand in this process' environment from then on.
 */
export async function attempt(
  lab: LabClusters,
  names: readonly Name[],
  inputs: Record<string, string> = {},
  cancel = new AbortController(),
  given: { run?: Partial<RecordedJob['run']>; env?: Record<string, string> } = {},
): Promise<Attempt> {
  const { signal } = cancel
  attempts += 1
  for (const [name, value] of Object.entries(lab.universe.env)) vi.stubEnv(name, value)
  const env = { ...lab.env, GITHUB_RUN_ATTEMPT: String(attempts), ...given.env }
  const job = testJob({ action: 'federate', env, userAgent: 'meridian-federate/0.1.0', signal })
  Object.assign(job.run, given.run)
  const inputVariables = {
    ...(await defaults()),
    clusters: clusterInput(names),
    domain: lab.universe.domain,
    ...inputs,
  }
  const variables = Object.entries(inputVariables).map(([name, value]) => [
    `INPUT_${name.toUpperCase()}`,
    value,
  ])
  const error = await run(readInputs(Object.fromEntries(variables)), job).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return { job, error }
}

/** The same, cut short while a request that writes is carried out: the `nth` of those that the fault concerns. */
export async function interrupted(
  lab: LabClusters,
  names: readonly Name[],
  fault: Pick<RequestFault, 'nth' | 'client'>,
): Promise<{ struck: boolean }> {
  const cancel = new AbortController()
  const planned = lab.universe.world.faults.requests.plan({
    failure: 'reset-after',
    ...fault,
    concerns: ({ operation, service }) =>
      (service === 'kubernetes' || service === 'karmada') &&
      // Each run begins with the lease: of that there are tests of its own.
      !operation.includes('leases') &&
      // What is asked so is not written.
      !operation.includes('reviews') &&
      /^(create|update|patch|delete)/.test(operation),
    onStrike: () => cancel.abort(new Error('cut short')),
  })
  await attempt(lab, names, {}, cancel)
  planned.forget()
  return { struck: planned.struck() > 0 }
}

/** The defaults of action.yml, as the runner would give them. */
export async function defaults(): Promise<Record<string, string>> {
  const path = fileURLToPath(new URL('../action.yml', import.meta.url))
  const { inputs } = parse(await readFile(path, 'utf8')) as { inputs: Record<string, { default?: string }> }
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([name, input]) =>
      input.default === undefined ? [] : [[name, input.default]],
    ),
  )
}
