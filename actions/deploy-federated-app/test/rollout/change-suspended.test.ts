import type { KubeObject } from '@meridian/kube'
import { karmadaPrograms, withoutPrograms } from '@meridian/lab-universe/testing'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LabFederation, startFederation } from '../lab-federation.ts'

const names = ['usa', 'eur', 'jpn'] as const
type Name = (typeof names)[number]
let lab: LabFederation

type App = { replicas: number; placement: string; image: string; rollout?: string }

/** Its rollouts must not miss a single pod. */
const manifestOf = ({ replicas, image }: App) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: ${replicas}
  strategy: {rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: '${image}', resources: {requests: {cpu: 10m}}}]}
`
const deploy = ({ rollout = 'all', ...app }: App) =>
  lab.deploy(manifestOf(app as App), { app: 'web', rollout, placement: app.placement })

type Look = { replicas: number; ready: number }
function lookAt(name: Name): Look {
  const store = lab.member(name)
  const { replicas = 0 } = (store.get('Deployment', 'default', 'web')?.spec ?? {}) as { replicas?: number }
  return { replicas, ready: store.list('Pod', { namespace: 'default' }).filter(isReady).length }
}

function isReady({ metadata, status }: KubeObject): boolean {
  const { conditions = [] } = (status ?? {}) as { conditions?: { type: string; status: string }[] }
  const ready = conditions.some(each => each.type === 'Ready' && each.status === 'True')
  return metadata.labels?.app === 'web' && metadata.deletionTimestamp === undefined && ready
}

/** Looks at every event of the members' Deployments and pods while something is done; answers the least of each. */
async function watchLeast(
  work: () => Promise<unknown>,
): Promise<Record<Name, { start: Look; least: Look; end: Look }>> {
  const start = new Map(names.map(name => [name, lookAt(name)]))
  const least = new Map(start)
  const look = (name: Name) => {
    const [known, now] = [least.get(name), lookAt(name)]
    if (known)
      least.set(name, {
        replicas: Math.min(known.replicas, now.replicas),
        ready: Math.min(known.ready, now.ready),
      })
  }
  const stops = names.flatMap(name =>
    ['Deployment', 'Pod'].map(kind => lab.member(name).watch(kind, () => look(name))),
  )
  await work()
  for (const stop of stops) stop()
  const entries = names.map(name => [
    name,
    { start: start.get(name), least: least.get(name), end: lookAt(name) },
  ])
  return Object.fromEntries(entries)
}

const chosen: App[] = [
  { replicas: 2, placement: 'weights: {usa: 1, eur: 1}', image: 'web:1' },
  { replicas: 7, placement: 'even', image: 'web:1' },
  { replicas: 2, placement: 'exclude: [usa]', image: 'web:2' },
  { replicas: 1, placement: 'duplicate', image: 'web:3' },
  { replicas: 6, placement: 'even', image: 'web:4', rollout: 'waves' },
  { replicas: 5, placement: 'dynamic', image: 'web:5' },
  { replicas: 3, placement: 'weights: {usa: 4, jpn: 1}', image: 'web:6', rollout: 'waves' },
]
const placement = fc.oneof(
  fc.constantFrom('even', 'duplicate', 'dynamic'),
  fc.subarray([...names], { minLength: 1 }).map(some => `only: [${some.join(', ')}]`),
  fc.tuple(fc.nat(5), fc.nat(5), fc.integer({ min: 1, max: 5 })).map(([usa, eur, jpn]) => {
    return `weights: {usa: ${usa}, eur: ${eur}, jpn: ${jpn}}`
  }),
)
const anyApp: fc.Arbitrary<App> = fc.record({
  replicas: fc.integer({ min: 1, max: 9 }),
  placement,
  image: fc.constantFrom('web:7', 'web:8'),
  rollout: fc.constantFrom('all', 'waves'),
})
const [first, ...rest] = [...chosen, ...fc.sample(anyApp, { numRuns: 6, seed: 1 })]

function watchOn(programs: string | undefined): void {
  beforeAll(async () => {
    lab = await startFederation(names, programs)
    if (first) await deploy(first)
  })
  afterAll(() => lab.close())

  test.each(rest.map(app => ({ ...app, rollout: app.rollout ?? 'all' })))(
    'no region that keeps a share loses a pod where $replicas replicas go $placement as $image, to $rollout',
    async app => {
      const seen = await watchLeast(() => deploy(app))
      for (const [name, { start, least, end }] of Object.entries(seen)) {
        const kept = Math.min(start.replicas, end.replicas)
        expect({ name, replicas: least.replicas }).toEqual({ name, replicas: Math.max(kept, least.replicas) })
        expect({ name, ready: least.ready }).toEqual({ name, ready: Math.max(kept, least.ready) })
      }
    },
  )
}

describe("watched from outside, on the lab's Karmada", () => watchOn(undefined))

describe.skipIf(!karmadaPrograms)(`watched from outside, on Karmada itself${withoutPrograms}`, () =>
  watchOn(karmadaPrograms),
)
