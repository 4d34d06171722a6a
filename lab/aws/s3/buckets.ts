import { AwsError, type AwsRequest, type Place } from '@meridian/lab-aws-protocol'
import { randomText, type World } from '@meridian/lab-world'
import { type Bucket, emptyBucket } from './bucket.ts'
import { createObjectVersions } from './object-versions.ts'
import { elsewhere } from './redirect.ts'
import { noSuchBucket } from './s3-error.ts'

export type Buckets = {
  /** Answers what CreateBucket does: throws for names that are taken or not legal. */
  create(name: string, place: Place, tags: Record<string, string>): Bucket
  /** Throws NoSuchBucket, AccessDenied for a bucket of somebody else's, and a redirection when asked in another region. */
  get(name: string, request: AwsRequest): Bucket
  /** As `get`, without regard to the region or to who asks. */
  locate(name: string): Bucket
  remove(bucket: Bucket): void
  list(): Bucket[]
  /** Takes a name for an account that nothing else is known of. */
  addForeign(name: string): void
}

/** After a deletion the name is held back for a while when somebody wants it in another region. */
const heldBackSeconds = 120

/**
 * The buckets of all accounts: a name is taken for everybody, and after its deletion held back for other regions.
 */
export function createBuckets(world: World): Buckets {
  const buckets = new Map<string, Bucket>()
  const foreign = new Set<string>()
  const deleted = new Map<string, { region: string; at: number }>()

  function locate(name: string): Bucket {
    if (foreign.has(name)) throw new AwsError(403, 'AccessDenied', 'Access Denied')
    const bucket = buckets.get(name)
    if (!bucket) throw noSuchBucket(name)
    return bucket
  }

  function checkFree(name: string, region: string): void {
    const previous = deleted.get(name)
    const heldBack =
      previous && previous.region !== region && world.clock.elapsed() - previous.at < heldBackSeconds
    if (heldBack || world.faults.strike('s3-conflict', name, 2)) {
      throw new AwsError(
        409,
        'OperationAborted',
        'A conflicting conditional operation is currently in progress against this resource. Please try again.',
      )
    }
  }

  return {
    create(name, { account, region }, tags) {
      checkName(name)
      if (foreign.has(name)) throw taken(name)
      const own = buckets.get(name)
      if (own) {
        if (own.account !== account) throw taken(name)
        // us-east-1 alone forgives the owner a second creation.
        if (own.region === 'us-east-1' && region === 'us-east-1') return own
        throw ownedByYou(name)
      }
      checkFree(name, region)
      const newId = () => randomText(world.random, 32, alphabet)
      const createdAt = world.clock.now()
      const objects = createObjectVersions(newId)
      const bucket = emptyBucket({ name, account, region, createdAt, objects })
      buckets.set(name, bucket)
      world.inventory.add({ type: 'bucket', account, region, id: name, name, tags })
      return bucket
    },
    get(name, request) {
      const bucket = locate(name)
      if (bucket.region !== request.region) throw elsewhere(world, bucket, request)
      return bucket
    },
    locate,
    remove({ name, region }) {
      buckets.delete(name)
      deleted.set(name, { region, at: world.clock.elapsed() })
      world.inventory.remove(name)
    },
    list: () => [...buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    addForeign: name => void foreign.add(name),
  }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._'

function checkName(name: string): void {
  const reserved = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3)$/
  const legal =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !/\.\.|^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !reserved.test(name)
  if (!legal) {
    throw new AwsError(400, 'InvalidBucketName', 'The specified bucket is not valid.', {
      details: { BucketName: name },
    })
  }
}

function taken(name: string): AwsError {
  return new AwsError(
    409,
    'BucketAlreadyExists',
    'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
    { details: { BucketName: name } },
  )
}

function ownedByYou(name: string): AwsError {
  return new AwsError(
    409,
    'BucketAlreadyOwnedByYou',
    'Your previous request to create the named bucket succeeded and you already own it.',
    { details: { BucketName: name } },
  )
}
