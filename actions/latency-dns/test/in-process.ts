import { fileURLToPath } from 'node:url'
import { inputVariables, readActionFile } from '@meridian/lab-runner/action-file'
import { startUniverse, type Universe, type UniverseOptions } from '@meridian/lab-universe'
import type { Job } from '@meridian/runner'
import { type RecordedJob, testJob } from '@meridian/runner/testing'
import { vi } from 'vitest'
import { readInputs } from '../src/inputs.ts'
import { run } from '../src/run.ts'

const action = await readActionFile(fileURLToPath(new URL('..', import.meta.url)))

export type RecordSet = ReturnType<Universe['zone']['records']['at']>[number]

export type Lab = AsyncDisposable & {
  universe: Universe
  /** Runs the action in this process; rejects as the action fails. */
  run(inputs: Record<string, string>, given?: Partial<Job>): Promise<RecordedJob>
  /** The latency records of a name at every moment since the lab was opened, one entry per commit. */
  history(record: string): (readonly RecordSet[])[]
  /** Keeps the zone as it is now; what it returns puts it back, and the history begins anew with it. */
  keep(): () => void
  /** A name and its owner TXT as they are now. */
  stored(record: string): readonly RecordSet[]
  /** Types that are protected, of a name and its owner TXT. */
  protections(record: string): string[]
  /** What Route 53 was asked since the lab was opened. */
  requests(): { operation: string; write: boolean; error?: string }[]
}

/** A lab whose Route 53 the action talks to from within the test's process. */
export async function openLab(options: UniverseOptions = {}): Promise<Lab> {
  const universe = await startUniverse({ scale: 1_000_000, ...options })
  for (const [name, value] of Object.entries(universe.env)) vi.stubEnv(name, value)
  const commits = watchCommits(universe)
  const nameOf = (record: string) => `${record}.${universe.domain}.`
  return {
    universe,
    async run(inputs, given = {}) {
      const job = testJob({ action: 'latency-dns', env: { ...process.env }, ...given })
      const { env } = inputVariables(action, {
        domain: universe.domain,
        verify: 'false',
        'name-servers': 'none',
        ...inputs,
      })
      await run(readInputs(env), job)
      return job
    },
    keep: () => keepZone(universe, commits),
    history: record => commits.map(table => table.at(nameOf(record))),
    stored: record =>
      [nameOf(record), `_meridian.${nameOf(record)}`].flatMap(name => universe.zone.records.at(name)),
    protections: record =>
      [...universe.zone.protections.values()]
        .filter(({ name }) => [nameOf(record), `_meridian.${nameOf(record)}`].includes(name))
        .map(({ type }) => type)
        .sort(),
    requests: () => universe.world.requests.all().filter(({ service }) => service === 'route53'),
    [Symbol.asyncDispose]: async () => {
      vi.unstubAllEnvs()
      await universe.close()
    },
  }
}

function keepZone({ zone }: Universe, commits: Universe['zone']['records'][]): () => void {
  const { records } = zone
  const protections = new Map(zone.protections)
  return () => {
    commits.length = 0
    zone.records = records
    zone.editions = [{ records, at: 0 }]
    zone.protections = new Map(protections)
  }
}

/** Every table that the zone ever held, in order. */
function watchCommits({ zone }: Universe) {
  let { records } = zone
  const commits = [records]
  Object.defineProperty(zone, 'records', {
    get: () => records,
    set(next: typeof records) {
      records = next
      commits.push(next)
    },
  })
  return commits
}
