import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { connectAws, s3 } from '@meridian/aws'
import { expect, test } from 'vitest'
import {
  acquireLease,
  configuredClusters,
  ensureStateBucket,
  findStateBucket,
  purgeStateBucket,
} from '../src/index.ts'
import { useStores } from './use-stores.ts'

const region = 'eu-west-1'
const fullName = 'usa.k8s.example.com'
const { openStore } = useStores()

async function open() {
  const { client, job, name: bucket } = await openStore(region)
  await ensureStateBucket(client, { name: bucket, region, tags: {}, job })
  const lease = async (of = fullName) => {
    const taken = await acquireLease(client, { bucket, fullName: of, job })
    if (taken === undefined) throw new Error('there is no bucket')
    return taken
  }
  const put = (Key: string) => client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'x' }))
  return { client, job, bucket, lease, put }
}

/** Does something right before a command of the client is sent, once. */
function before(client: S3Client, command: string, act: () => Promise<unknown>) {
  let due = true
  client.middlewareStack.add(
    (next, { commandName }) =>
      async args => {
        if (due && commandName === command) {
          due = false
          await act()
        }
        return next(args)
      },
    { step: 'initialize' },
  )
}

test('every version, marker and unfinished upload goes, and the bucket with them', async () => {
  const { client, bucket, put } = await open()
  await put('a')
  await put('a')
  await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'a' }))
  await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: 'b' }))
  expect(await purgeStateBucket(client, bucket)).toEqual({ removed: 3, existed: true })
  expect(await findStateBucket(client, bucket)).toBeUndefined()
})

test('a bucket of more than a page goes too', async () => {
  const { client, bucket, put } = await open()
  for (let at = 0; at < 10; at += 1)
    await Promise.all(Array.from({ length: 101 }, (_, n) => put(`${at}/${n}`)))
  expect((await purgeStateBucket(client, bucket)).removed).toBe(1010)
})

test('a bucket that still holds a cluster is refused and left as it is', async () => {
  const { client, bucket, put } = await open()
  await put('other.example.com/config')
  await expect(purgeStateBucket(client, bucket)).rejects.toThrow('still holds the state of other.example.com')
  expect(await configuredClusters(client, bucket)).toEqual(['other.example.com'])
})

test('a bucket in which another run works is refused', async () => {
  const { client, bucket, lease } = await open()
  await using _theirs = await lease('eur.k8s.example.com')
  await expect(purgeStateBucket(client, bucket, [await lease()])).rejects.toThrow('it is used by test of')
  expect(await findStateBucket(client, bucket)).toBeDefined()
})

test('the own lease goes last and ends with the bucket', async () => {
  const { client, bucket, lease, put } = await open()
  const mine = await lease()
  await put('a')
  before(client, 'DeleteObjectsCommand', async () => {
    await expect(lease()).rejects.toThrow('is being worked on')
  })
  expect(await purgeStateBucket(client, bucket, [mine])).toMatchObject({ existed: true })
  await mine.release()
  expect(mine.signal.aborted).toBe(false)
})

test('a lease that is lost meanwhile ends the purge before the last object', async () => {
  const { client, bucket, lease } = await open()
  const mine = await lease()
  await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: `${fullName}.lease.json` }))
  await lease()
  await expect(purgeStateBucket(client, bucket, [mine])).rejects.toThrow('is lost: now with test')
  expect(await findStateBucket(client, bucket)).toBeDefined()
})

test('who takes the bucket in its last moment keeps it', async () => {
  const { client, bucket, lease } = await open()
  const mine = await lease()
  before(client, 'DeleteBucketCommand', () => lease())
  expect(await purgeStateBucket(client, bucket, [mine])).toMatchObject({
    takenBy: expect.stringContaining('it is used by test of'),
  })
  expect(await findStateBucket(client, bucket)).toBeDefined()
})

test('what is written in the last moment by who has no lease goes as well', async () => {
  const { client, bucket, put } = await open()
  before(client, 'DeleteBucketCommand', () => put('usa.k8s.example.com/backups/late'))
  expect(await purgeStateBucket(client, bucket)).toEqual({ removed: 1, existed: true })
})

test('an object that S3 does not delete is told by name', async () => {
  const { client, bucket, put } = await open()
  await put('locked')
  client.middlewareStack.add(
    (next, { commandName }) =>
      async args => {
        const result = await next(args)
        if (commandName !== 'DeleteObjectsCommand') return result
        const Errors = [{ Key: 'locked', Code: 'AccessDenied', Message: 'Access Denied' }]
        return { ...result, output: { ...result.output, Errors } }
      },
    { step: 'initialize' },
  )
  await expect(purgeStateBucket(client, bucket)).rejects.toThrow(
    `S3 did not delete 1 of 1 objects of ${bucket}: locked: Access Denied`,
  )
})

test('no bucket is a success', async () => {
  const { client } = await open()
  expect(await purgeStateBucket(client, 'nowhere-state')).toEqual({ removed: 0, existed: false })
})

test('another run may take the bucket away meanwhile', async () => {
  const { client, job, bucket, put } = await open()
  await put('a')
  const other = s3(await connectAws(job, {}), region)
  before(client, 'DeleteObjectsCommand', () => purgeStateBucket(other, bucket))
  expect(await purgeStateBucket(client, bucket)).toEqual({ removed: 0, existed: false })
})
