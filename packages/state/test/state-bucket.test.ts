import {
  CreateBucketCommand,
  GetBucketTaggingCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { connectAws, s3 } from '@meridian/aws'
import { startUniverse } from '@meridian/lab'
import { testJob } from '@meridian/runner/testing'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { ensureStateBucket, findStateBucket, hasClusterConfig, observeCluster } from '../src/index.ts'
import { useStores } from './use-stores.ts'

const tags = { 'meridian:environment': 'pr-42', 'meridian:run': 'https://github.com/o/r/actions/runs/1' }
const { openStore, world } = useStores()

async function open(region = 'eu-west-1') {
  const { client, job, name } = await openStore(region)
  return { client, name, region, request: { name, region, tags, job } }
}

const writes = () =>
  world()
    .world.requests.all()
    .filter(({ service, write }) => service === 's3' && write).length
const put = (client: S3Client, Bucket: string, Key: string) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }))

describe('making', () => {
  test.each(['us-east-1', 'eu-west-1'])('a bucket in %s is made, tagged and found', async region => {
    const { client, name, request } = await open(region)
    expect(await ensureStateBucket(client, request)).toEqual({ state: 'created', tags })
    expect(await findStateBucket(client, name)).toEqual({ name, region })
    const { TagSet } = await client.send(new GetBucketTaggingCommand({ Bucket: name }))
    expect(TagSet).toContainEqual({ Key: 'meridian:environment', Value: 'pr-42' })
  })

  test('a second run writes nothing, and keeps the first birth certificate', async () => {
    const { client, request } = await open()
    await ensureStateBucket(client, request)
    const before = writes()
    const later = { ...request, tags: { ...tags, 'meridian:run': 'another' } }
    expect(await ensureStateBucket(client, later)).toEqual({ state: 'present', tags })
    expect(writes()).toBe(before)
  })

  test('a bare bucket of ours is adopted: tagged, private, versioned', async () => {
    const { client, name, request } = await open()
    await client.send(
      new CreateBucketCommand({
        Bucket: name,
        CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
      }),
    )
    expect(await ensureStateBucket(client, request)).toEqual({ state: 'present', tags })
    const before = writes()
    await ensureStateBucket(client, request)
    expect(writes()).toBe(before)
  })

  test('a bucket of another environment is refused', async () => {
    const { client, request } = await open()
    await ensureStateBucket(client, request)
    const other = { ...request, tags: { ...tags, 'meridian:environment': 'default' } }
    await expect(ensureStateBucket(client, other)).rejects.toThrow(
      "belongs to the environment 'pr-42', not to 'default'",
    )
  })

  test('a bucket in another region is refused', async () => {
    const { client, request } = await open()
    await ensureStateBucket(client, request)
    const { client: elsewhere } = await open('us-east-1')
    await expect(ensureStateBucket(elsewhere, { ...request, region: 'us-east-1' })).rejects.toThrow(
      'is in eu-west-1',
    )
  })
})

describe('looking', () => {
  test('no bucket and no config are no cluster', async () => {
    const { client, name, request } = await open()
    expect(await hasClusterConfig(client, name, 'c')).toBe(false)
    await ensureStateBucket(client, request)
    expect(await observeCluster(client, name, 'c')).toEqual({
      config: false,
      instanceGroups: [],
      completed: false,
    })
  })

  test('a half-made cluster is seen as such', async () => {
    const { client, name, request } = await open()
    await ensureStateBucket(client, request)
    await put(client, name, 'c/config')
    await put(client, name, 'c/instancegroup/control-plane-eu-west-1a')
    expect(await observeCluster(client, name, 'c')).toEqual({
      config: true,
      instanceGroups: ['control-plane-eu-west-1a'],
      completed: false,
    })
  })
})

describe('what S3 may answer on the way', () => {
  /** A world of its own with faults, and a way to its S3 in a region. */
  async function openWorld(faults: string[], region = 'eu-west-1') {
    const world = await startUniverse({ scale: 10_000, faults })
    onTestFinished(() => world.close())
    for (const [name, value] of Object.entries(world.env)) vi.stubEnv(name, value)
    const job = testJob({ env: world.env })
    const client = s3(await connectAws(job, {}), region)
    const name = 'usa.k8s.example.com-state'
    return { world, client, name, job, request: { name, region, tags, job } }
  }

  test('a deleted bucket of that name is still being cleared away: it waits', async () => {
    const { client, request, job } = await openWorld(['s3-conflict'])
    expect(await ensureStateBucket(client, request)).toEqual({ state: 'created', tags })
    expect(job.lines.join('\n')).toContain('S3 is still busy with a bucket of that name')
  })

  test.each(['', 's3-malformed'])('the bucket is elsewhere, however S3 says so %s', async fault => {
    const { client, name, request, job } = await openWorld(fault === '' ? [] : [fault])
    await ensureStateBucket(client, request)
    const elsewhere = s3(await connectAws(job, {}), 'us-east-1')
    expect(await findStateBucket(elsewhere, name)).toEqual({ name, region: 'eu-west-1' })
    await expect(ensureStateBucket(elsewhere, { ...request, region: 'us-east-1' })).rejects.toThrow(
      'is in eu-west-1, but the cluster is to be in us-east-1',
    )
  })

  test('the bucket is another account’s', async () => {
    const { client, request, world } = await openWorld([])
    world.aws.s3.addForeignBucket(request.name)
    await expect(ensureStateBucket(client, request)).rejects.toMatchObject({
      message: expect.stringContaining("is another account's"),
      input: 'state-bucket',
    })
  })
})
