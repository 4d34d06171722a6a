import { DeleteBucketCommand } from '@aws-sdk/client-s3'
import { errorCode, isNotFound } from '@meridian/aws'
import { claimKey, clusterFolder, formatStore, type Identity, leaseKey, type Owned } from '@meridian/identity'
import { type Lease, UserError } from '@meridian/runner'
import { abortUploads, emptyFolder, listVersions, removeTogether } from './bucket-empty.ts'
import { readClusterClaim } from './cluster-claim.ts'
import { listStrays } from './kops-folder.ts'
import { readLease } from './lease-store.ts'
import { ownBucket } from './make-store.ts'
import { listUnder, readText, type Store } from './store.ts'

/** The state of one cluster in a store. */
export type ClusterState = { readonly store: Store; readonly fullName: string }

export type Purged = {
  /** How many versions were removed. */
  readonly removed: number
  /** What became of the bucket; where it stays, why. */
  readonly bucket: { readonly deleted: true } | { readonly deleted: false; readonly why: string }
}

/** kops' word that a cluster exists. */
const configOf = (store: Store, fullName: string) => `${clusterFolder(store, fullName)}config`

/**
 * Removes what a store holds of a cluster that is gone, all versions of it: kops' folder, then claim and lease, together
 * and last, so that a run which dies anywhere leaves a claim for the next one to find. The bucket goes only if this
 * identity has made it, by its own tags, and nothing is left in it. Refuses with a UserError while kops knows the cluster,
 * which could not be deleted any more without its state, and while others keep something in its folder. `known` is the bucket where it was judged under the lease.
 */
export async function purgeCluster(
  state: Owned<ClusterState>,
  identity: Identity,
  lease: Lease,
  known?: Owned<Store>,
): Promise<Purged> {
  const { store, fullName } = state
  try {
    if ((await readText(store, configOf(store, fullName))) !== undefined) throw stillNeeded(state)
    const strays = await listStrays(store, fullName)
    if (strays.length > 0) throw notAlone(state, strays)
    // It may serve several clusters of its maker: whichever goes last takes it away.
    const bucket = known ?? (await ownBucket(store, { ...identity, cluster: undefined }))
    const folder = clusterFolder(store, fullName)
    await lease.confirm()
    await abortUploads(store, folder)
    let removed = await emptyFolder(store, folder, lease.signal)
    await lease.confirm()
    await lease.abandon()
    removed += await removeTogether(store, [claimKey(store, fullName), leaseKey(store, fullName)])
    if (bucket === undefined) return { removed, bucket: { deleted: false, why: notOurs } }
    return { removed, bucket: await deleteIfEmpty(state, bucket) }
  } catch (error) {
    // Another run may take the bucket away while this one empties it.
    if (errorCode(error) === 'NoSuchBucket') return { removed: 0, bucket: { deleted: true } }
    throw error
  }
}

const notOurs = 'its own tags do not say that it was made for this environment'

/** Writers that are just ending may add a version while it is emptied. */
const rounds = 5

/** S3 itself refuses to delete a bucket with anything in it: whoever begins to use it at this moment keeps it. */
async function deleteIfEmpty(state: ClusterState, bucket: Owned<Store>): Promise<Purged['bucket']> {
  const folder = clusterFolder(bucket, state.fullName)
  for (let round = 1; ; round += 1) {
    try {
      await bucket.s3.send(new DeleteBucketCommand({ Bucket: bucket.bucket }))
      return { deleted: true }
    } catch (error) {
      if (isNotFound(error)) return { deleted: true }
      if (errorCode(error) !== 'BucketNotEmpty') throw error
    }
    if (await isTaken(state)) return { deleted: false, why: 'another run has begun to use it' }
    await abortUploads(bucket, folder)
    const late = await emptyFolder(bucket, folder)
    if (late === 0 || round === rounds) return { deleted: false, why: `it holds ${await nameOne(bucket)}` }
  }
}

async function nameOne(bucket: Store): Promise<string> {
  for await (const [first] of listVersions(bucket, '')) if (first?.Key !== undefined) return first.Key
  return 'unfinished uploads'
}

async function isTaken({ store, fullName }: ClusterState): Promise<boolean> {
  const lease = await readLease(store.s3, { bucket: store.bucket, key: leaseKey(store, fullName) })
  return lease !== undefined || (await readClusterClaim(store, fullName)).reading.kind !== 'unmarked'
}

function stillNeeded({ store, fullName }: ClusterState): UserError {
  return new UserError(
    `the state of ${fullName} in ${formatStore(store)} stays: kops still knows the cluster`,
    {
      fix: 'Delete the cluster first: run teardown with the scope clusters.',
    },
  )
}

function notAlone({ store, fullName }: ClusterState, strays: readonly string[]): UserError {
  return new UserError(
    `the state of ${fullName} in ${formatStore(store)} stays: in its folder lies what kops has not made, such as ${strays[0]}`,
    { fix: 'It may be another state store. Have its owner move it elsewhere, then run teardown again.' },
  )
}

/** What lies beside a cluster's folder in its store, apart from its own claim and lease: names of objects and folders. */
export async function listNeighbours({ store, fullName }: ClusterState): Promise<string[]> {
  const start = store.path === '' ? '' : `${store.path}/`
  const { keys, folders } = await listUnder(store, start)
  const own = new Set([claimKey(store, fullName), leaseKey(store, fullName), clusterFolder(store, fullName)])
  return [...folders, ...keys].filter(name => !own.has(name))
}
