import { hurryTimers } from '@meridian/lab-world/testing'
import type { Job } from '@meridian/runner'
import { testJob } from '@meridian/runner/testing'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Lab, openLab, type RecordSet } from '../in-process.ts'

// The action's waits pass a hundred times as fast.
hurryTimers(100)

/** The inputs by which each environment of two domains in one zone means one and the same name. */
const places: Record<string, Record<string, string>> = {
  'k8s.example.com': { record: 'app.pr-1.a' },
  'pr-1.a.k8s.example.com': { domain: 'pr-1.a.k8s.example.com', record: 'app' },
  'a.k8s.example.com in pr-1': { domain: 'a.k8s.example.com', environment: 'pr-1', record: 'app' },
}
const repositories = ['acme/shop', 'acme/other']
const regions = ['us-east-1', 'eu-west-1', 'ap-northeast-1']
const ways = ['throttle', 'busy', 'error', 'reset-before', 'reset-after', 'truncate'] as const

const actor = fc.record({
  place: fc.constantFrom(...Object.keys(places)),
  repository: fc.constantFrom(...repositories),
})
type Actor = { place: string; repository: string }
const step = fc.record({
  actor,
  mode: fc.constantFrom('apply', 'apply', 'apply', 'destroy', 'plan'),
  adopt: fc.boolean(),
  regions: fc.subarray(regions, { minLength: 1 }),
  fault: fc.option(fc.record({ failure: fc.constantFrom(...ways), nth: fc.integer({ min: 1, max: 5 }) }), {
    nil: undefined,
  }),
})
type Step = { actor: Actor; mode: string; adopt: boolean; regions: string[] }

/** Its name is in each of its targets, so that a record tells who wrote it. */
const signature = ({ place, repository }: Actor) =>
  `n${Object.keys(places).indexOf(place)}-r${repositories.indexOf(repository)}`

function take(lab: Lab, { actor, mode, adopt, regions: some }: Step) {
  const inputs: Record<string, string> = { ...places[actor.place], mode, adopt: String(adopt) }
  if (mode === 'destroy') inputs.regions = some.join()
  else
    inputs.endpoints = some.map(region => `${region}: ${signature(actor)}.${region}.example.net`).join('\n')
  const run = {
    ...testJob().run,
    repository: actor.repository,
    repositoryId: String(repositories.indexOf(actor.repository) + 1),
  }
  const job: Partial<Job> = { run }
  return lab.run({ wait: 'false', 'max-deletes': '9', ...inputs }, job)
}

/** Who has the group of one moment: one for all of its records, or the test fails. */
function holder(sets: readonly RecordSet[]): string | undefined {
  const holders = new Set(sets.flatMap(({ region, values }) => (region ? [values[0]?.split('.')[0]] : [])))
  expect(holders.size).toBeLessThanOrEqual(1)
  return [...holders][0]
}

test('whoever means one name, by whatever history of runs and faults: nobody loses a record through another', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 2 }), { maxLength: 5 }),
      async rounds => {
        await using lab = await openLab()
        for (const together of rounds) {
          const before = lab.history('app.pr-1.a').length
          const had = holder(lab.stored('app.pr-1.a'))
          for (const { fault } of together)
            if (fault) lab.universe.world.faults.requests.plan({ ...fault, client: 'latency-dns' })
          await Promise.allSettled(together.map(one => take(lab, one)))
          lab.universe.world.faults.requests.clear()
          const own = new Set(together.filter(({ mode }) => mode !== 'plan').map(one => signature(one.actor)))
          const moments = lab.history('app.pr-1.a').slice(before).map(holder)
          // Only who has the name leaves it, and only a name that nobody has is taken.
          let last = had
          for (const next of moments) {
            if (next !== last) expect([last, next]).toContain(undefined)
            if (next !== last) expect(own).toContain(last ?? next)
            last = next
          }
        }
      },
    ),
    { numRuns: 30 },
  )
})
