import { startUniverse, type Universe } from '@meridian/lab-universe'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bucketName, inventory, makeBucket, makeCluster, teardown, writes } from './lab-environment.ts'

/** A run that does not end by itself is never killed, which the limit of a test shows. */
const untilItEnds = { interrupt: 2 ** 30, terminate: 2 ** 29 }
let universe: Universe

beforeEach(async () => {
  universe = await startUniverse({ scale: 2_000 })
})
afterEach(() => universe.close())

/** A volume of the cluster that kops does not find, since it looks for another tag. */
function loseVolume() {
  return universe.world.inventory.add({
    type: 'volume',
    region: 'us-east-1',
    tags: { 'kubernetes.io/cluster/usa.k8s.example.com': 'owned' },
    attributes: { size: 100 },
  })
}

test('where nothing is, it succeeds and writes nothing', async () => {
  const run = await teardown(universe)
  expect([run.exitCode, run.outputs]).toEqual([0, { deleted: '[]', leaks: '[]', clean: 'true' }])
  expect(writes(universe)).toEqual([])
})

test('a bucket alone is deleted', async () => {
  await makeBucket(universe, 'default')
  const run = await teardown(universe)
  expect(run.exitCode).toBe(0)
  expect(inventory(universe)).toEqual([])
})

test('state of a cluster that was never made is deleted', async () => {
  await makeBucket(universe, 'default')
  await makeCluster(universe)
  const run = await teardown(universe)
  expect(run.annotations.map(({ message }) => message)).toEqual([])
  expect(JSON.parse(run.outputs.deleted ?? '[]')).toEqual([
    { type: 'cluster', id: 'usa.k8s.example.com', region: 'us-east-1' },
    { type: 'state-bucket', id: bucketName, region: 'us-east-1' },
    { type: 'state', id: `s3://${bucketName}/usa.k8s.example.com`, region: 'us-east-1' },
  ])
  expect(inventory(universe)).toEqual([])
})

describe('a cluster', () => {
  beforeEach(async () => {
    await makeBucket(universe, 'default')
    await makeCluster(universe, '--yes')
  })

  test('that somebody else made is left as it is', async () => {
    const before = inventory(universe)
    const run = await teardown(universe, { clusters: '[{name: usa, region: us-east-1, provider: existing}]' })
    expect(run.annotations.map(({ message }) => message)).toEqual([])
    expect(run.outputs).toEqual({ deleted: '[]', leaks: '[]', clean: 'true' })
    expect(inventory(universe)).toEqual(before)
  })

  test('is deleted with everything in the cloud, and then nothing is left to do', async () => {
    const first = await teardown(universe)
    const second = await teardown(universe)
    expect([first.exitCode, second.exitCode]).toEqual([0, 0])
    expect([first.outputs.clean, second.outputs.deleted]).toEqual(['true', '[]'])
    expect(inventory(universe)).toEqual([])
  })

  test('that does not answer is deleted all the same', async () => {
    await universe.clusters.stop('usa.k8s.example.com')
    const run = await teardown(universe)
    expect(run.exitCode).toBe(0)
    expect(inventory(universe)).toEqual([])
  })

  test('is only looked at in a dry run', async () => {
    const before = inventory(universe)
    const run = await teardown(universe, { 'dry-run': 'true' })
    expect(run.outputs).toMatchObject({ deleted: '[]', clean: 'false' })
    expect(run.summary).toContain('usa.k8s.example.com')
    expect(inventory(universe)).toEqual(before)
  })

  test('survives two teardowns at once only as nothing', async () => {
    const runs = await Promise.all([teardown(universe), teardown(universe)])
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0])
    expect(inventory(universe)).toEqual([])
  })
})

test('a run that is cancelled ends by itself, says what exists and what to do, and leaves no child', async () => {
  await using slow = await slowUniverse()
  await makeBucket(slow.universe, 'default')
  await makeCluster(slow.universe, '--yes')
  const cancel = new AbortController()
  const onLine = (line: string) => {
    if (line.includes('still used by')) cancel.abort()
  }
  const run = await teardown(slow.universe, {}, { signal: cancel.signal, patience: untilItEnds, onLine })
  expect(run.exitCode).toBe(1)
  expect(run.stdout).toContain(`state bucket ${bucketName}`)
  expect(run.stdout).toContain('Run teardown again with the same inputs')
  expect(run.orphans).toBe(false)
})

/** A world in which instances take some seconds to go, so that kops has to wait for them. */
async function slowUniverse() {
  const universe = await startUniverse({ scale: 30 })
  return { universe, [Symbol.asyncDispose]: () => universe.close() }
}

describe('what is left', () => {
  test('fails the run by name and price, and its bucket stays', async () => {
    await makeBucket(universe, 'default')
    const volume = loseVolume()
    const run = await teardown(universe)
    expect(run.exitCode).toBe(1)
    expect(run.annotations[0]?.message).toContain(`ec2:volume ${volume.arn} in us-east-1`)
    expect(JSON.parse(run.outputs.leaks ?? '[]')).toMatchObject([{ id: volume.arn, type: 'ec2:volume' }])
    expect(run.outputs.clean).toBe('false')
    expect(inventory(universe).length).toBe(2)
  })

  test('is no matter where clusters are not in the scope', async () => {
    loseVolume()
    expect((await teardown(universe, { scope: 'dns' })).outputs).toMatchObject({ leaks: '[]', clean: 'true' })
  })
})

describe('nothing is written where', () => {
  test('the claim is that of another environment', async () => {
    await makeBucket(universe, 'pr-7')
    const run = await teardown(universe)
    expect(run.annotations[0]?.message).toContain('belongs to pr-7.k8s.example.com of o/r')
    expect(writes(universe)).toEqual([])
  })

  test('the domain has no zone and nothing is there', async () => {
    const run = await teardown(universe, { domain: 'example.org' })
    expect([run.exitCode, writes(universe)]).toEqual([0, []])
  })

  test('the state of a cluster would go without the cluster', async () => {
    await makeBucket(universe, 'default')
    await makeCluster(universe)
    const run = await teardown(universe, { scope: 'state' })
    expect(run.annotations[0]?.message).toContain('still needed')
    expect(writes(universe)).toEqual([])
  })
})
