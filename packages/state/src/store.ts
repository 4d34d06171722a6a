import {
  HeadBucketCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3'
import { type Aws, isAccessDenied, isNotFound } from '@meridian/aws'
import { s3 } from '@meridian/aws/clients'
import { formatStore, parseStore, type StoreLocation } from '@meridian/identity'
import { UserError } from '@meridian/runner'
import { expectOwner } from './expect-owner.ts'
import { isBucketGone, readObject } from './read-object.ts'

/** A state store that is there: a bucket, a path in it, and the way to it. */
export type Store = StoreLocation & {
  /** Of the bucket's own region; sends the account that the bucket must belong to with every request. */
  readonly s3: S3Client
  readonly region: string
  /** The account that the bucket belongs to. */
  readonly account: string
}

/** A client that refuses buckets of any account but the given one, in the place of whoever named a bucket like ours. */
export function storeClient(aws: Aws, region: string, account: string): S3Client {
  return expectOwner(s3(aws, region), account)
}

/**
 * Opens the store of a location, whatever its region; undefined if there is no such bucket. `near` is the region to ask
 * first. Throws a UserError for a bucket of another account than the expected one, and where S3 gives no answer of its own.
 */
export async function openStore(
  aws: Aws,
  location: StoreLocation,
  { near, account }: { near: string; account: string },
): Promise<Store | undefined> {
  const client = storeClient(aws, near, account)
  const region = await findRegion(client, location.bucket, account)
  if (region === undefined) return undefined
  return { ...location, region, account, s3: region === near ? client : storeClient(aws, region, account) }
}

/** Opens the store of a cluster. Its bucket must belong to the given account, by default the run's own. */
export async function openClusterStore(
  aws: Aws,
  cluster: { readonly stateStore: string; readonly region: string },
  account: string | undefined,
): Promise<Store | undefined> {
  const location = parseStore(cluster.stateStore)
  return openStore(aws, location, { near: cluster.region, account: account ?? (await aws.account()) })
}

/**
 * The store of a cluster as if its bucket were in the cluster's region, which it mostly is; else S3 sends each request on. It has
 * not been asked for: the first answer tells whether it is there.
 */
export function guessStore(
  aws: Aws,
  { stateStore, region }: { readonly stateStore: string; readonly region: string },
  account: string,
): Store {
  return { ...parseStore(stateStore), region, account, s3: storeClient(aws, region, account) }
}

const looks = 3

async function findRegion(client: S3Client, bucket: string, account: string): Promise<string | undefined> {
  for (let look = 1; look <= looks; look += 1) {
    const region = await headRegion(client, bucket, account)
    if (region !== undefined) return region
    // The answer to a HEAD has no body: whether it was S3 that said so, only another request tells.
    try {
      await client.send(new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1 }))
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }
  throw new UserError(`S3 shows the bucket ${bucket} to one request and not to the next`, {
    fix: 'It may have been made or deleted a moment ago, or a proxy answers for S3. Run again.',
  })
}

async function headRegion(client: S3Client, bucket: string, account: string): Promise<string | undefined> {
  try {
    const { BucketRegion } = await client.send(new HeadBucketCommand({ Bucket: bucket }))
    return BucketRegion ?? (await client.config.region())
  } catch (error) {
    if (isAccessDenied(error)) throw foreignBucket(bucket, account, error)
    if (isNotFound(error)) return undefined
    throw error
  }
}

/** S3 answers alike for a bucket of another account and for one that our policy keeps from us. */
export function foreignBucket(name: string, account: string, cause: unknown): UserError {
  return new UserError(
    `the state bucket ${name} does not belong to account ${account}, or these credentials may not use it`,
    {
      fix: 'If it is that account’s, allow s3:ListBucket and the rest in the policy of the role: docs/iam/README.md says what a store of your own choice needs. If it is another account’s that you work with, name that account with state-store-account. Bucket names are shared by all of AWS: else choose another with state-store.',
      input: 'state-store',
      cause,
    },
  )
}

/** The text of an object and its ETag; undefined if S3 itself says that there is none, or no such bucket. */
export async function readText(
  { s3, bucket }: Store,
  key: string,
): Promise<{ text: string; etag: string } | undefined> {
  try {
    return await readObject(s3, { bucket, key })
  } catch (error) {
    if (isBucketGone(error)) return undefined
    throw error
  }
}

/** What lies directly under a prefix: the keys, and the folders with their final slash. A listing must name its bucket. */
export async function listUnder(
  store: Store,
  prefix: string,
  delimiter = '/',
): Promise<{ keys: string[]; folders: string[] }> {
  const found = { keys: [] as string[], folders: [] as string[] }
  let page: ListObjectsV2CommandOutput | undefined
  do {
    page = await store.s3.send(
      new ListObjectsV2Command({
        Bucket: store.bucket,
        Prefix: prefix,
        ...(delimiter !== '' && { Delimiter: delimiter }),
        ContinuationToken: page?.NextContinuationToken,
      }),
    )
    checkListing(page.Name, store)
    found.keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []))
    found.folders.push(...(page.CommonPrefixes ?? []).flatMap(({ Prefix }) => Prefix ?? []))
  } while (page.NextContinuationToken !== undefined)
  return found
}

/** An empty listing proves that nothing is there: it has to be one. */
export function checkListing(name: string | undefined, store: StoreLocation): void {
  if (name === store.bucket) return
  throw new UserError(`S3 answered the listing of ${formatStore(store)} with something that is none`, {
    fix: 'A proxy may stand between the runner and S3: let it pass the answers unchanged. Then run again.',
  })
}
