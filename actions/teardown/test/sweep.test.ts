import { startUniverse, type Universe } from '@meridian/lab-universe'
import { stubAws } from '@meridian/lab-universe/testing'
import { UserError } from '@meridian/runner'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { killAt, tearDown } from './in-process.ts'
import { makeBucket } from './lab-environment.ts'

/** One world; each run of a sweep has an environment of its own in it, and all go on at the same time. */
let universe: Universe
/** Requests of a run that meets no fault. */
let requests = 0

const clusterOf = (environment: string) => `usa.${environment}.k8s.example.com`
const objectsOf = (environment: string) =>
  ['pki/private/ca/keyset.yaml', 'backups/etcd/main/control/etcd-cluster-created'].map(
    name => `${clusterOf(environment)}/${name}`,
  )
const bucketOf = (environment: string) => `${clusterOf(environment)}-state`
const inputsOf = (environment: string) => ({
  environment,
  clusters: '[{name: usa, region: us-east-1}]',
  scope: 'clusters,state',
})
const isThere = (environment: string) => universe.world.inventory.get(bucketOf(environment)) !== undefined
const make = (environment: string) =>
  makeBucket(universe, environment, { cluster: clusterOf(environment), objects: objectsOf(environment) })

// Who is refused by the quota draws a short pause.
const { random } = Math
vi.spyOn(Math, 'random').mockImplementation(() => random() / 50)

beforeAll(async () => {
  universe = await startUniverse({ scale: 10_000 })
  stubAws(universe)
  await make('plain')
  const { error } = await tearDown(universe, 'plain', inputsOf('plain'))
  expect(error).toBeUndefined()
  requests = universe.world.requests.all().filter(({ client }) => client === 'plain').length
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await universe.close()
})

/** How many cases a sweep is dealt to. */
const parts = [0, 1, 2, 3] as const
type Part = (typeof parts)[number]

/** Runs once for each request of a teardown that is the part's; returns what was not as it should be. */
async function sweep(
  name: string,
  part: Part,
  act: (environment: string, k: number) => Promise<string | undefined>,
) {
  const all = Array.from({ length: requests }, (_, at) => at + 1)
  const ks = all.filter(k => k % parts.length === part)
  expect(ks.length).toBeGreaterThan(3)
  const complaints = await Promise.all(
    ks.map(async k => {
      const environment = `${name}-${k}`
      await make(environment)
      const complaint = await act(environment, k)
      return complaint && `request ${k}: ${complaint}`
    }),
  )
  return complaints.filter(complaint => complaint !== undefined)
}

const left = (environment: string, error: Error | undefined) =>
  error === undefined && !isThere(environment) ? undefined : `${error?.message ?? 'the bucket is there'}`

test.each(parts)(
  'killed at any request, a second teardown finds what the first has left (part %i)',
  async part => {
    const complaints = await sweep('kill', part, async (environment, k) => {
      const { signal, forget, struck } = killAt(universe, environment, k)
      await tearDown(universe, environment, inputsOf(environment), { signal })
      forget()
      if (struck() === 0) return 'was not met'
      const { error } = await tearDown(universe, environment, inputsOf(environment), { attempt: 2 })
      return left(environment, error)
    })
    expect(complaints).toEqual([])
  },
)

test.each(parts)('one failure at any request changes nothing (part %i)', async part => {
  const failures = ['throttle', 'error', 'reset-after'] as const
  const complaints = await sweep('fault', part, async (environment, nth) => {
    const failure = failures[nth % failures.length] ?? 'error'
    universe.world.faults.requests.plan({ failure, nth, client: environment })
    const { error } = await tearDown(universe, environment, inputsOf(environment))
    return left(environment, error)
  })
  expect(complaints).toEqual([])
})

/** S3 has no words for a HEAD request that it refuses. */
const reason = /the permission [a-z0-9]+:\w+ is missing|or these credentials may not use it/

test.each(parts)(
  'a refusal of any request ends the run, which names the permission (part %i)',
  async part => {
    const complaints = await sweep('denied', part, async (environment, nth) => {
      universe.world.faults.requests.plan({ failure: 'denied', nth, client: environment })
      const { error } = await tearDown(universe, environment, inputsOf(environment))
      if (error === undefined) return isThere(environment) ? 'a success that left the bucket' : undefined
      return error instanceof UserError && reason.test(error.message) ? undefined : error.message
    })
    expect(complaints).toEqual([])
  },
)

test.each([1, 2, 8, 30])('credentials that expire at request %i end the run, which says so', async nth => {
  const environment = `expired-${nth}`
  await make(environment)
  const times = Number.POSITIVE_INFINITY
  const fault = universe.world.faults.requests.plan({ failure: 'expired', nth, times, client: environment })
  const { error } = await tearDown(universe, environment, inputsOf(environment))
  fault.forget()
  expect(error?.message).toMatch(/the (AWS )?credentials expired during/)
  expect((await tearDown(universe, environment, inputsOf(environment), { attempt: 2 })).error).toBeUndefined()
})

test('a clock that is 20 minutes behind that of AWS is put right on the way', async () => {
  const ahead = await startUniverse({ scale: 10_000, faults: ['clock-skew:20'] })
  onTestFinished(ahead.close)
  await makeBucket(ahead, 'behind', { cluster: clusterOf('behind'), objects: objectsOf('behind') })
  vi.stubEnv('AWS_ENDPOINT_URL', ahead.env.AWS_ENDPOINT_URL)
  const { error } = await tearDown(ahead, 'behind', inputsOf('behind'))
  vi.stubEnv('AWS_ENDPOINT_URL', universe.env.AWS_ENDPOINT_URL)
  const refusals = ahead.world.requests.all().filter(({ client }) => client === 'behind')
  expect(refusals.map(refusal => refusal.error)).toContain('RequestTimeTooSkewed')
  expect([error, ahead.world.inventory.list()]).toEqual([undefined, []])
})
