import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { parseStore } from '@meridian/identity'
import { startUniverse } from '@meridian/lab-universe'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { listUnder, openClusterStore, openStore, readText, storeClient } from '../src/index.ts'
import { account, put, region, through, useStores } from './use-stores.ts'

const { connect, makeOwn, world } = useStores()
const page = { status: 404, headers: { server: 'squid/5.7' }, body: '<html>not found</html>' }

describe('a bucket', () => {
  test('is found in whatever region it is', async () => {
    const { aws, store } = await makeOwn({ at: 'ap-northeast-1' })
    const found = await openStore(aws, store, { near: 'us-east-1', account })
    expect(found).toMatchObject({ bucket: store.bucket, region: 'ap-northeast-1' })
    expect(found && (await listUnder(found, ''))).toEqual({ keys: [], folders: [] })
  })

  test('is found where S3 says in a malformed way that it is elsewhere', async () => {
    const universe = await startUniverse({ scale: 10_000, faults: ['s3-malformed'] })
    onTestFinished(() => universe.close())
    vi.stubEnv('AWS_ENDPOINT_URL', universe.env.AWS_ENDPOINT_URL)
    const { aws, bucket } = await connect()
    const client = storeClient(aws, region, account)
    const CreateBucketConfiguration = { LocationConstraint: region } as const
    await client.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration }))
    const found = await openStore(aws, { bucket, path: '' }, { near: 'us-east-1', account })
    expect(found?.region).toBe(region)
  })

  test('that is not there is undefined, by the word of S3 to a listing', async () => {
    const { aws, bucket } = await connect()
    expect(await openStore(aws, { bucket, path: '' }, { near: region, account })).toBeUndefined()
  })

  test('is there although HEAD was told once that it is not', async () => {
    const { aws, store } = await makeOwn()
    let lies = 1
    const lying = through(aws, ({ method }) =>
      method === 'HEAD' && lies-- > 0 ? { status: 404, headers: { 'x-amz-request-id': 'R' } } : undefined,
    )
    expect(await openStore(lying, store, { near: region, account })).toMatchObject({ region })
  })

  test('that HEAD goes on denying is neither there nor absent', async () => {
    const { aws, store } = await makeOwn()
    const lying = through(aws, ({ method }) =>
      method === 'HEAD' ? { status: 404, headers: { 'x-amz-request-id': 'R' } } : undefined,
    )
    await expect(openStore(lying, store, { near: region, account })).rejects.toThrow(
      'to one request and not to the next',
    )
  })

  test.each<[string, string | undefined]>([
    ['HEAD', undefined],
    ['a listing', '2'],
  ])('is not absent because a proxy answers %s with a page', async (_, type) => {
    const { aws, bucket } = await connect()
    const behind = through(aws, ({ method, query }) =>
      (type === undefined ? method === 'HEAD' : query['list-type'] === type) ? page : undefined,
    )
    await expect(openStore(behind, { bucket, path: '' }, { near: region, account })).rejects.toThrow(
      /was answered 404 by something that is not AWS, by squid/,
    )
  })
})

describe('a bucket of another account', () => {
  const stranger = '444455556666'

  async function openStrangers() {
    const { aws, bucket, job } = await connect()
    const other = world().aws.addAccount(stranger)
    for (const [name, value] of Object.entries(other.env)) vi.stubEnv(name, value)
    const client = storeClient(aws, 'us-east-1', stranger)
    await client.send(new CreateBucketCommand({ Bucket: bucket }))
    for (const name of Object.keys(other.env)) vi.stubEnv(name, world().env[name])
    world().aws.s3.openBucket(bucket, account)
    return { aws: (await connect()).aws, bucket, job }
  }
  const cluster = (bucket: string) => ({ stateStore: `s3://${bucket}`, region: 'us-east-1' })

  test('is refused, however open it is, and the way to name the account is told', async () => {
    const { aws, bucket } = await openStrangers()
    await expect(openClusterStore(aws, cluster(bucket), undefined)).rejects.toMatchObject({
      message: expect.stringContaining(`${bucket} does not belong to account ${account}`),
      fix: expect.stringContaining('state-store-account'),
    })
  })

  test('is opened where that account is named', async () => {
    const { aws, bucket } = await openStrangers()
    const store = await openClusterStore(aws, cluster(bucket), stranger)
    expect(store && (await readText(store, 'a'))).toBeUndefined()
  })

  test('is refused by each single request, not only when it is opened', async () => {
    const { aws, bucket } = await openStrangers()
    const store = {
      bucket,
      path: '',
      region: 'us-east-1',
      account,
      s3: storeClient(aws, 'us-east-1', account),
    }
    await expect(readText(store, 'a')).rejects.toThrow('AWS refused')
    await expect(listUnder(store, '')).rejects.toThrow('AWS refused')
    await expect(put(store, 'keys')).rejects.toThrow('AWS refused')
  })
})

describe('reading', () => {
  test('an object whose text ends half way is read again', async () => {
    const { store } = await makeOwn()
    await put(store, 'a', 'a text of some length')
    const fault = world().world.faults.requests.plan({ failure: 'truncate', operation: 'GetObject', nth: 1 })
    expect(await readText(store, 'a')).toMatchObject({ text: 'a text of some length' })
    expect(fault.struck()).toBe(1)
  })

  test('an object that S3 says is absent is undefined; a page in its place is no answer', async () => {
    const { aws, store } = await makeOwn()
    expect(await readText(store, 'a')).toBeUndefined()
    const behind = through(aws, ({ path }) => (path.endsWith('/a') ? page : undefined))
    const same = await openStore(behind, store, { near: region, account })
    await expect(same && readText(same, 'a')).rejects.toThrow('not AWS')
  })

  test('a listing that does not name its bucket proves nothing', async () => {
    const { aws, store } = await makeOwn()
    await put(store, 'a')
    const empty = { status: 200, headers: { 'x-amz-request-id': 'R' }, body: '<ListBucketResult/>' }
    const behind = through(aws, ({ query }) => (query.prefix === 'p/' ? empty : undefined))
    const same = await openStore(behind, store, { near: region, account })
    await expect(same && listUnder(same, 'p/')).rejects.toThrow('with something that is none')
  })

  test('only what is under the path of a store is listed, page by page', async () => {
    const { store } = await makeOwn({ path: 'teams/blue' })
    for (const key of ['terraform.tfstate', 'teams/blue/a', 'teams/blue/c/config', 'teams/green/b'])
      await put(store, key)
    expect(await listUnder(store, 'teams/blue/')).toEqual({
      keys: ['teams/blue/a'],
      folders: ['teams/blue/c/'],
    })
    expect(parseStore(`s3://${store.bucket}/teams/blue/`)).toEqual({
      bucket: store.bucket,
      path: 'teams/blue',
    })
  })
})
