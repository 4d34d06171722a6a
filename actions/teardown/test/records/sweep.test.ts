import { startUniverse, type Universe } from '@meridian/lab-universe'
import { stubAws } from '@meridian/lab-universe/testing'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { killAt, tearDown } from '../in-process.ts'
import { identityOf } from '../lab-environment.ts'
import { openZone, type TestZone } from '../reap/lab-records.ts'

/** One zone; each run of a sweep has an environment of its own in it, and all go on at the same time. */
let universe: Universe
let zone: TestZone

// Who is refused by the quota draws a short pause.
const { random } = Math
vi.spyOn(Math, 'random').mockImplementation(() => random() / 50)

beforeAll(async () => {
  universe = await startUniverse({ scale: 10_000 })
  zone = openZone(universe)
  stubAws(universe)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  zone.close()
  await universe.close()
})

const regions = ['us-east-1', 'eu-west-1']
const nameOf = (environment: string) => `app.${environment}.k8s.example.com`
/** All of a name goes, or one of its regions. */
const ways = {
  whole: { inputs: {}, left: [] },
  part: { inputs: { clusters: '[{name: usa, region: us-east-1}]' }, left: ['eu-west-1'] },
} as const
type Way = keyof typeof ways

async function make(environment: string): Promise<void> {
  await zone.write(nameOf(environment), identityOf(environment), regions, { ttl: 1 })
}
const run = (way: Way, environment: string, more: Parameters<typeof tearDown>[3] = {}) =>
  tearDown(universe, environment, { scope: 'dns', environment, ...ways[way].inputs }, more)

/** Requests of a run that meets no fault. */
async function count(way: Way): Promise<number> {
  const environment = `plain-${way}`
  await make(environment)
  expect((await run(way, environment)).error).toBeUndefined()
  return universe.world.requests.all().filter(({ client }) => client === environment).length
}

/** Acts once for each request of a run; returns what was not as it should be in the end. */
async function sweep(
  way: Way,
  name: string,
  act: (environment: string, nth: number) => Promise<string | undefined>,
): Promise<string[]> {
  const all = Array.from({ length: await count(way) }, (_, at) => at + 1)
  expect(all.length).toBeGreaterThan(5)
  const complaints = await Promise.all(
    all.map(async nth => {
      const environment = `${name}-${way}-${nth}`
      await make(environment)
      const complaint = await act(environment, nth)
      const left = await zone.regionsOf(nameOf(environment))
      const wrong = complaint ?? (left.join() === ways[way].left.join() ? undefined : `left: ${left.join()}`)
      return wrong === undefined ? [] : [`request ${nth}: ${wrong}`]
    }),
  )
  return complaints.flat()
}

test.each(['whole', 'part'] as const)('one failure at any request changes nothing (%s)', async way => {
  const failures = ['throttle', 'error', 'reset-after', 'busy'] as const
  const complaints = await sweep(way, 'fault', async (environment, nth) => {
    const failure = failures[nth % failures.length] ?? 'error'
    universe.world.faults.requests.plan({ failure, nth, client: environment })
    return (await run(way, environment)).error?.message
  })
  expect(complaints).toEqual([])
})

test.each(['whole', 'part'] as const)('killed at any request, the next run ends it (%s)', async way => {
  const complaints = await sweep(way, 'kill', async (environment, nth) => {
    const { signal, forget } = killAt(universe, environment, nth)
    await run(way, environment, { signal })
    forget()
    return (await run(way, environment, { attempt: 2 })).error?.message
  })
  expect(complaints).toEqual([])
})

test.each(['whole', 'part'] as const)(
  'no request that is denied, or answered by a proxy, ends in a success that has left something (%s)',
  async way => {
    const failures = ['denied', 'proxy-404', 'proxy-page', 'empty-200'] as const
    const complaints = await sweep(way, 'answer', async (environment, nth) => {
      const failure = failures[nth % failures.length] ?? 'denied'
      const fault = universe.world.faults.requests.plan({ failure, nth, client: environment })
      const { error } = await run(way, environment)
      fault.forget()
      const left = await zone.regionsOf(nameOf(environment))
      if (error === undefined && left.includes('us-east-1')) return 'a success that left the records'
      return (await run(way, environment, { attempt: 2 })).error?.message
    })
    expect(complaints).toEqual([])
  },
)
