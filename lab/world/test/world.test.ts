import { readFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { knownFaults } from '../faults.ts'
import { clientOf } from '../request-log.ts'
import { clusterOf } from '../resource.ts'
import { createWorld } from '../world.ts'

function openWorld(options: Parameters<typeof createWorld>[0] = {}) {
  const world = createWorld({ scale: 10_000, ...options })
  onTestFinished(world.close)
  return world
}

test('two worlds of one seed name things alike', () => {
  const [one, two] = [openWorld({ seed: 7 }), openWorld({ seed: 7 })]
  const make = (world: typeof one) => world.inventory.add({ type: 'instance', region: 'us-east-1' }).id

  expect(make(one)).toBe(make(two))
  expect(make(one)).toMatch(/^i-0[0-9a-f]{16}$/)
})

test('the history of the inventory ends at nothing when everything is gone', () => {
  const { inventory } = openWorld()
  const attributes = { instanceType: 't3.medium' }
  const { id } = inventory.add({ type: 'instance', region: 'us-east-1', attributes })
  const volume = inventory.add({ type: 'volume', region: 'us-east-1', attributes: { size: 20 } })
  inventory.remove(id)
  inventory.remove(volume.id)

  expect(inventory.history.map(({ count }) => count)).toEqual([1, 2, 1, 0])
  expect(inventory.history[0]?.hourlyCost).toBeCloseTo(0.0466)
  expect(inventory.history.at(-1)?.hourlyCost).toBe(0)
})

test('the inventory is searched by fields, tags, attributes or a function', () => {
  const { inventory } = openWorld()
  inventory.add({ type: 'bucket', region: 'us-east-1', id: 'a', tags: { env: 'x' }, attributes: { n: 1 } })
  inventory.add({ type: 'bucket', region: 'eu-west-1', id: 'b' })
  const idsOf = (filter: Parameters<typeof inventory.list>[0]) => inventory.list(filter).map(({ id }) => id)

  expect(idsOf({ region: 'eu-west-1' })).toEqual(['b'])
  expect(idsOf({ tags: { env: 'x' } })).toEqual(['a'])
  expect(idsOf({ attributes: { n: 1 } })).toEqual(['a'])
  expect(idsOf(({ id }) => id > 'a')).toEqual(['b'])
})

test('an id exists once', () => {
  const { inventory } = openWorld()
  inventory.add({ type: 'bucket', region: 'us-east-1', id: 'a' })

  expect(() => inventory.add({ type: 'bucket', region: 'us-east-1', id: 'a' })).toThrow(
    'already has a resource a',
  )
})

test('seconds of the world pass faster than real ones', async () => {
  const { clock } = openWorld({ scale: 1000 })
  // A world second is a real millisecond; of each moment, one reading is before that of the world and one after it.
  const [early, begun, late] = [performance.now(), clock.elapsed(), performance.now()]
  await clock.sleep(20)
  const [soon, ended, last] = [performance.now(), clock.elapsed(), performance.now()]

  expect(ended - begun).toBeGreaterThanOrEqual(19)
  expect(ended - begun).toBeGreaterThanOrEqual(soon - late - 1e-6)
  expect(ended - begun).toBeLessThanOrEqual(last - early + 1e-6)
})

test('a cancelled task and those of a closed world never run', async () => {
  const world = openWorld()
  const other = openWorld()
  let ran = 0
  world.clock.after(1, () => (ran += 1)).cancel()
  world.clock.after(50, () => (ran += 1))
  world.close()
  world.clock.after(1, () => (ran += 1))
  await other.clock.sleep(200)

  expect(ran).toBe(0)
})

test('a fault must be known, and may carry a number', () => {
  const { faults } = openWorld({ faults: ['fail-request:3', 'busy-zone'] })

  expect(faults.parameter('fail-request')).toBe(3)
  expect([faults.active('busy-zone'), faults.active('s3-500')]).toEqual([true, false])
  expect(() => createWorld({ faults: ['bad-weather'] })).toThrow("unknown fault 'bad-weather'")
  expect(Object.keys(knownFaults)).toContain('throttle-route53')
})

test('a fault may be given several times, and its parameter must be one that it has', () => {
  const { faults } = openWorld({ faults: ['kill-kops:config', 'kill-kops:end'] })

  expect(faults.details('kill-kops')).toEqual(['config', 'end'])
  expect(() => createWorld({ faults: ['kill-kops:noon'] })).toThrow(
    "fault 'kill-kops:noon': what follows the colon must be one of start, config,",
  )
})

test('every fault is explained to people', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

  expect(Object.keys(knownFaults).filter(name => !readme.includes(`\`${name}`))).toEqual([])
})

test('a fault that strikes a number of times strikes each key so often', () => {
  const { faults } = openWorld({ faults: ['busy-zone'] })
  const strikes = ['a', 'a', 'a', 'b'].map(key => faults.strike('busy-zone', key, 2))

  expect(strikes).toEqual([true, true, false, true])
  expect(faults.strike('s3-500', 'a', 2)).toBe(false)
})

test.each([
  ['aws-sdk-js/3.1 ua/2.1 os/linux meridian-latency-dns/0.1.0', 'latency-dns'],
  ['meridian-create-cluster/0.1.0', 'create-cluster'],
  ['kops/1.36.2 aws-sdk-go-v2/1.41', 'kops'],
  ['karmadactl/v1.18.2 (linux/amd64)', 'karmadactl'],
  ['kubectl/v1.35.7 (linux/amd64) kubernetes/abc', 'kubectl'],
  ['aws-cli/1.45.11 md/Botocore', 'aws-cli'],
  ['curl/8', 'other'],
  [undefined, 'other'],
])('a request of "%s" is counted for %s', (userAgent, client) => {
  expect(clientOf(userAgent)).toBe(client)
})

test('a resource belongs to a cluster by either tag, or by the attribute of its companion', () => {
  expect(clusterOf({ tags: { KubernetesCluster: 'a' }, attributes: {} })).toBe('a')
  expect(clusterOf({ tags: { 'kubernetes.io/cluster/b': 'owned' }, attributes: {} })).toBe('b')
  expect(clusterOf({ tags: {}, attributes: { cluster: 'c' } })).toBe('c')
  expect(clusterOf({ tags: {}, attributes: {} })).toBeUndefined()
})
