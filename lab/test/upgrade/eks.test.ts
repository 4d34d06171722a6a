import type { EksHandle } from '@meridian/lab-clusters/eks'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { complaints, createRunner, type RunWorkflow } from './run-workflow.ts'
import { type Watch, watchUsers } from './watch-users.ts'

const members = [
  { name: 'usa', region: 'us-east-1', provider: 'eks' },
  { name: 'eur', region: 'eu-west-1', provider: 'eks' },
]
const clusters = JSON.stringify(members)
const both = 'eu-west-1,us-east-1'

let universe: Universe
let run: RunWorkflow
let watch: Watch
let handles: Map<string, EksHandle>

beforeAll(async () => {
  universe = await startUniverse({ scale: 300 })
  run = createRunner(universe)
  const made = members.map(async ({ name, region }) => {
    return [
      region,
      await universe.addEksCluster(name, { region, version: '1.34', defaultStorageClass: true }),
    ] as const
  })
  handles = new Map(await Promise.all(made))
  expect(complaints(await run('up', { clusters }))).toEqual([])
  watch = watchUsers(universe, { fqdn: 'hugo-fed.k8s.example.com', app: 'hugo-app-federation', pods: 2 })
})
afterAll(async () => {
  watch?.stop()
  await universe.close()
})

/** What EKS's owners do once their region is out: the job asks for the plan first, and then waits for them. */
function ownersOf(begun: string[]) {
  const asked = new Map<string, number>()
  return (event: { type: string; job?: string; step?: string }) => {
    const region = event.job?.replace('region ', '') ?? ''
    const handle = handles.get(region)
    if (event.type !== 'step-started' || !handle || !event.step?.includes('create-cluster')) return
    asked.set(region, (asked.get(region) ?? 0) + 1)
    if (asked.get(region) !== 2) return
    begun.push(`${region} while ${watch.served.at(-1)} serves`)
    void handle.upgrade('1.35').then(() => handle.upgradeNodes())
  }
}

test('each region is out while its owners upgrade it, the host last, and is back at the end', async () => {
  const begun: string[] = []
  const upgraded = await run(
    'upgrade',
    { clusters, 'kubernetes-version': '1.35.9', 'drain-time': '1s' },
    { onEvent: ownersOf(begun) },
  )
  expect(complaints(upgraded)).toEqual([])
  expect(begun).toEqual(['eu-west-1 while us-east-1 serves', 'us-east-1 while eu-west-1 serves'])
  expect([...handles.values()].map(({ cluster }) => cluster.version)).toEqual(['1.35', '1.35'])
  expect(watch.served.at(-1)).toBe(both)
})

test('no city was led to a region whose app lacked a pod, though both regions’ did', () => {
  expect(watch.harms.slice(0, 5)).toEqual([])
  for (const { region } of members) expect(watch.fewest[region], region).toBeLessThan(2)
})
