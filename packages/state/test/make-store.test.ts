import {
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  GetBucketVersioningCommand,
  PutBucketTaggingCommand,
} from '@aws-sdk/client-s3'
import { parseStore } from '@meridian/identity'
import { startUniverse } from '@meridian/lab-universe'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { readBucketTags } from '../src/bucket-settings.ts'
import { completeStore, makeStore, ownBucket, type Store, storeClient } from '../src/index.ts'
import { account, fullName, identity, region, suspendVersions, theirs, useStores } from './use-stores.ts'

const { connect, makeOwn, world } = useStores()

const writes = () =>
  world()
    .world.requests.all()
    .filter(({ service, write }) => service === 's3' && write).length
const retag = ({ s3, bucket }: Store, tags: Record<string, string>) =>
  s3.send(
    new PutBucketTaggingCommand({
      Bucket: bucket,
      Tagging: { TagSet: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
    }),
  )

test.each(['us-east-1', 'eu-west-1'])('a bucket in %s is made with the mark of its cluster', async at => {
  const { store } = await makeOwn({ at })
  expect(await readBucketTags(store.s3, store.bucket)).toEqual({
    'meridian:schema': '2',
    'meridian:environment': 'default',
    'meridian:domain': 'k8s.example.com',
    'meridian:owner': 'o/r',
    'meridian:repository-id': '1001',
    'meridian:cluster': fullName,
    'meridian:account': account,
  })
  const { Status } = await store.s3.send(new GetBucketVersioningCommand({ Bucket: store.bucket }))
  expect(Status).toBe('Enabled')
})

test('what S3 gives a new bucket by itself is not written, so that an organisation may deny it', async () => {
  await makeOwn()
  const asked = world()
    .world.requests.all()
    .map(({ operation }) => operation)
  expect(asked).toEqual(expect.arrayContaining(['GetBucketEncryption', 'GetPublicAccessBlock']))
  expect(asked).not.toContain('PutBucketEncryption')
  expect(asked).not.toContain('PutPublicAccessBlock')
})

test.each(['us-east-1', 'eu-west-1'])(
  'one that was made in %s at this moment by hand is used as it is',
  async at => {
    const { aws, bucket, job } = await connect()
    const client = storeClient(aws, at, account)
    const place = at === 'us-east-1' ? {} : { LocationConstraint: at as 'eu-west-1' }
    await client.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: place }))
    const location = parseStore(`s3://${bucket}`)
    const store = await makeStore(aws, { location, region: at, account, identity }, job)
    expect(store && (await readBucketTags(store.s3, bucket))).toEqual({})
    const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket: bucket }))
    expect(Status).toBeUndefined()
  },
)

describe('whose a bucket is', () => {
  test('it is ours when its own tags say that we made it, for this cluster or any of ours', async () => {
    const { store } = await makeOwn()
    expect(await ownBucket(store, identity)).toBeDefined()
    expect(await ownBucket(store, { ...identity, cluster: undefined })).toBeDefined()
  })

  test.each<[string, Record<string, string>]>([
    ['it has no tags', {}],
    ['version 0.1 has tagged it', { 'meridian:environment': 'default', 'meridian:owner': 'o/r' }],
    [
      'its tags name no cluster',
      {
        'meridian:schema': '2',
        'meridian:environment': 'default',
        'meridian:domain': 'k8s.example.com',
        'meridian:owner': 'o/r',
      },
    ],
    ['its tags cannot be read', { 'meridian:schema': 'x', 'meridian:environment': 'default' }],
  ])('it is not when %s', async (_, tags) => {
    const { store } = await makeOwn()
    await retag(store, tags)
    expect(await ownBucket(store, { ...identity, cluster: undefined })).toBeUndefined()
  })

  test('it is not when another repository made it, or made it for another cluster', async () => {
    const { store } = await makeOwn()
    expect(await ownBucket(store, theirs)).toBeUndefined()
    expect(await ownBucket(store, { ...identity, cluster: 'eur.k8s.example.com' })).toBeUndefined()
  })
})

test('the settings of a bucket of ours are completed, and nothing is written where none is missing', async () => {
  const { store, job } = await makeOwn()
  await suspendVersions(store)
  await store.s3.send(new DeletePublicAccessBlockCommand({ Bucket: store.bucket }))
  const own = await ownBucket(store, identity)
  if (own === undefined) throw new Error('it is ours')
  await completeStore(own, job)
  const { Status } = await store.s3.send(new GetBucketVersioningCommand({ Bucket: store.bucket }))
  expect(Status).toBe('Enabled')
  const before = writes()
  await completeStore(own, job)
  expect(writes()).toBe(before)
})

describe('what S3 may answer on the way', () => {
  async function openWorld(faults: string[]) {
    const universe = await startUniverse({ scale: 10_000, faults })
    onTestFinished(() => universe.close())
    vi.stubEnv('AWS_ENDPOINT_URL', universe.env.AWS_ENDPOINT_URL)
    const { job, aws, bucket } = await connect()
    const make = () => makeStore(aws, { location: { bucket, path: '' }, region, account, identity }, job)
    return { universe, make, job, bucket }
  }

  test('a deleted bucket of that name is still being cleared away: it waits', async () => {
    const { make, job } = await openWorld(['s3-conflict'])
    expect(await make()).toBeDefined()
    expect(job.lines.join('\n')).toContain('S3 is still busy with a bucket of that name')
  })

  test('the name is another account’s', async () => {
    const { universe, make, bucket } = await openWorld([])
    universe.aws.s3.addForeignBucket(bucket)
    await expect(make()).rejects.toMatchObject({
      message: expect.stringContaining(`does not belong to account ${account}`),
      input: 'state-store',
    })
  })
})
