import { CreateMultipartUploadCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3'
import { claimKey, clusterFolder, judgeClaim, leaseKey, makeMark } from '@meridian/identity'
import { testJob } from '@meridian/runner/testing'
import { describe, expect, test } from 'vitest'
import {
  acquireLease,
  listNeighbours,
  openStore,
  purgeCluster,
  readClusterClaim,
  writeClusterClaim,
} from '../src/index.ts'
import { fill, owned, take } from './filled-state.ts'
import {
  account,
  before,
  fullName,
  identity,
  listAll,
  put,
  region,
  remove,
  theirs,
  through,
  useStores,
} from './use-stores.ts'

type Made = Awaited<ReturnType<typeof makeOwn>>
const { makeOwn, world } = useStores()

const isThere = async ({ aws, store }: Made) =>
  (await openStore(aws, store, { near: region, account })) !== undefined

describe('in a bucket that was made for the cluster', () => {
  test('everything of it goes, all versions, and the bucket with it', async () => {
    const made = await makeOwn()
    const lease = await fill(made)
    const purged = await purgeCluster(await owned(made.store), identity, lease)
    expect(purged).toEqual({ removed: expect.any(Number), bucket: { deleted: true } })
    expect(purged.removed).toBeGreaterThanOrEqual(6)
    expect(await isThere(made)).toBe(false)
    expect(lease.signal.aborted).toBe(false)
    await lease.release()
  })

  test('unfinished uploads go too, and a folder of more than a page', async () => {
    const made = await makeOwn()
    const lease = await fill(made)
    const Key = `${fullName}/pki/upload`
    await made.store.s3.send(new CreateMultipartUploadCommand({ Bucket: made.store.bucket, Key }))
    for (let at = 0; at < 10; at += 1)
      await Promise.all(Array.from({ length: 101 }, (_, n) => put(made.store, `${fullName}/pki/${at}/${n}`)))
    const purged = await purgeCluster(await owned(made.store), identity, lease)
    expect(purged.bucket).toEqual({ deleted: true })
    expect(purged.removed).toBeGreaterThan(1010)
  })

  test('the bucket stays with another cluster of its maker, whose own purge then takes it away', async () => {
    const made = await makeOwn()
    const eur = 'eur.k8s.example.com'
    await put(made.store, `${eur}/config`)
    const lease = await fill(made)
    const first = await purgeCluster(await owned(made.store), identity, lease)
    expect(first.bucket).toEqual({ deleted: false, why: `it holds ${eur}/config` })
    const theirName = { ...identity, cluster: eur }
    await writeClusterClaim(made.store, eur, makeMark(theirName), undefined)
    await remove(made.store, `${eur}/config`)
    const second = await acquireLease(made.store, { fullName: eur, job: made.job })
    const { reading } = await readClusterClaim(made.store, eur)
    const claim = judgeClaim({ store: made.store, fullName: eur }, reading, theirName)
    if (claim.kind !== 'ours' || second === undefined) throw new Error('it is ours')
    expect((await purgeCluster(claim.owned, theirName, second)).bucket).toEqual({ deleted: true })
  })

  test('what is written in the last moment by who has no lease goes as well', async () => {
    const made = await makeOwn()
    const lease = await fill(made)
    before(made.store.s3, 'DeleteBucketCommand', () => put(made.beside, `${fullName}/backups/late`))
    expect((await purgeCluster(await owned(made.store), identity, lease)).bucket).toEqual({ deleted: true })
  })

  test('who takes the bucket in its last moment keeps it', async () => {
    const made = await makeOwn()
    const lease = await fill(made)
    before(made.store.s3, 'DeleteBucketCommand', () => take(made.beside, made.job))
    expect((await purgeCluster(await owned(made.store), identity, lease)).bucket).toEqual({
      deleted: false,
      why: 'another run has begun to use it',
    })
    expect(await isThere(made)).toBe(true)
  })

  test('another run may take the bucket away meanwhile', async () => {
    const made = await makeOwn()
    const lease = await fill(made)
    const mine = await owned(made.store)
    const other = await owned(made.beside)
    before(made.store.s3, 'DeleteObjectsCommand', () => purgeCluster(other, identity, lease))
    expect((await purgeCluster(mine, identity, lease)).bucket).toEqual({ deleted: true })
  })
})

describe('in a store of many clusters', () => {
  const others = [
    'terraform.tfstate',
    'teams/blue/eur.k8s.example.com/config',
    'teams/blue/eur.k8s.example.com.claim.json',
    `teams/blue/x${fullName}/config`,
    `teams/blue/${fullName}.backup/config`,
    `teams/blue/${fullName}.claim.json.bak`,
    `teams/blue/${fullName}.lease.json.old`,
    `${fullName}/config`,
    `${fullName}.claim.json`,
  ]

  async function open(by = theirs) {
    const made = await makeOwn({ path: 'teams/blue', by })
    for (const key of others) for (const body of ['1', '2']) await put(made.store, key, body)
    const upload = { Bucket: made.store.bucket, Key: 'terraform.tfstate.upload' }
    await made.store.s3.send(new CreateMultipartUploadCommand(upload))
    return { ...made, there: await listAll(made.store) }
  }

  test('only its folder, its claim and its lease go, and every version of all else stays', async () => {
    const made = await open()
    const lease = await fill(made)
    const { removed, bucket } = await purgeCluster(await owned(made.store), identity, lease)
    expect(removed).toBeGreaterThanOrEqual(6)
    expect(bucket).toMatchObject({ deleted: false })
    expect(await listAll(made.store)).toEqual(made.there)
    const { Uploads = [] } = await made.store.s3.send(
      new ListMultipartUploadsCommand({ Bucket: made.store.bucket }),
    )
    expect(Uploads).toHaveLength(1)
  })

  test('nothing else is so much as listed for deletion, and the bucket is not asked to go', async () => {
    const made = await open()
    const lease = await fill(made)
    const prefixes: unknown[] = []
    made.store.s3.middlewareStack.add(
      (next, { commandName }) =>
        async args => {
          if (commandName === 'ListObjectVersionsCommand')
            prefixes.push('Prefix' in args.input && args.input.Prefix)
          return next(args)
        },
      { step: 'initialize' },
    )
    const start = world().world.requests.all().length
    await purgeCluster(await owned(made.store), identity, lease)
    const own = [clusterFolder, claimKey, leaseKey].map(nameOf => nameOf(made.store, fullName))
    expect(new Set(prefixes)).toEqual(new Set(own))
    const asked = world().world.requests.all().slice(start)
    expect(asked.map(({ operation }) => operation)).not.toContain('DeleteBucket')
  })

  test('the bucket stays also when nothing is left in it that somebody else has made', async () => {
    const made = await makeOwn({ by: theirs })
    const lease = await fill(made)
    expect((await purgeCluster(await owned(made.store), identity, lease)).bucket).toEqual({
      deleted: false,
      why: 'its own tags do not say that it was made for this environment',
    })
    expect(await isThere(made)).toBe(true)
    expect(await listAll(made.store)).toEqual([])
  })

  test('what lies beside it is told by name', async () => {
    const { store } = await open()
    expect(await listNeighbours({ store, fullName })).toEqual([
      'teams/blue/eur.k8s.example.com/',
      `teams/blue/${fullName}.backup/`,
      `teams/blue/x${fullName}/`,
      'teams/blue/eur.k8s.example.com.claim.json',
      `teams/blue/${fullName}.claim.json.bak`,
      `teams/blue/${fullName}.lease.json.old`,
    ])
  })
})

describe('is refused, and leaves everything', () => {
  test('while the folder is also a state store of others', async () => {
    const made = await makeOwn()
    const lease = await fill(made)
    for (const name of ['config', 'instancegroup/nodes'])
      await put(made.store, `${fullName}/eur.${fullName}/${name}`)
    const there = await listAll(made.store)
    await expect(purgeCluster(await owned(made.store), identity, lease)).rejects.toThrow(
      `what kops has not made, such as ${fullName}/eur.${fullName}/`,
    )
    expect(await listAll(made.store)).toEqual(there)
    await lease.release()
  })

  test('of what others once had in the folder: its older versions', async () => {
    const made = await makeOwn({ by: theirs })
    const lease = await fill(made)
    const theirKey = `${fullName}/terraform.tfstate`
    await put(made.store, theirKey)
    await remove(made.store, theirKey)
    await purgeCluster(await owned(made.store), identity, lease)
    expect(await listAll(made.store)).toEqual([
      expect.stringContaining(theirKey),
      expect.stringContaining(theirKey),
    ])
  })

  test('while kops knows the cluster', async () => {
    const made = await makeOwn()
    const lease = await fill(made)
    await put(made.store, `${fullName}/config`)
    const there = await listAll(made.store)
    await expect(purgeCluster(await owned(made.store), identity, lease)).rejects.toThrow(
      'kops still knows the cluster',
    )
    expect(await listAll(made.store)).toEqual(there)
    await lease.release()
  })

  test('where a proxy says that kops does not know it', async () => {
    const made = await makeOwn()
    const lease = await fill(made)
    await put(made.store, `${fullName}/config`)
    const there = await listAll(made.store)
    const behind = through(made.aws, ({ path }) =>
      path.endsWith('/config') ? { status: 404, body: '<html>not found</html>' } : undefined,
    )
    const store = await openStore(behind, made.store, { near: region, account })
    if (store === undefined) throw new Error('it is there')
    await expect(purgeCluster(await owned(store), identity, lease)).rejects.toThrow('not AWS')
    expect(await listAll(made.store)).toEqual(there)
    await lease.release()
  })

  test('when the lease is lost, before anything is removed', async () => {
    const made = await makeOwn()
    const lease = await fill(made)
    const mine = await owned(made.store)
    await remove(made.store, leaseKey(made.store, fullName))
    const { run } = testJob()
    await using _ = await take(
      made.store,
      testJob({ run: { ...run, url: 'https://github.com/o/r/actions/runs/2' } }),
    )
    const there = await listAll(made.store)
    await expect(purgeCluster(mine, identity, lease)).rejects.toThrow('is lost: now with')
    expect(await listAll(made.store)).toEqual(there)
  })
})

test('an object that S3 does not delete is told by name', async () => {
  const made = await makeOwn()
  const lease = await fill(made)
  made.store.s3.middlewareStack.add(
    (next, { commandName }) =>
      async args => {
        const result = await next(args)
        if (commandName !== 'DeleteObjectsCommand') return result
        const Errors = [{ Key: 'locked', Code: 'AccessDenied', Message: 'Access Denied' }]
        return { ...result, output: { ...result.output, Errors } }
      },
    { step: 'initialize' },
  )
  await expect(purgeCluster(await owned(made.store), identity, lease)).rejects.toThrow(
    /S3 did not delete 1 of \d objects of .*: locked: Access Denied/,
  )
  await lease.release()
})
