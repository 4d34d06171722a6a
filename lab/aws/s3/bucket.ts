import type { Lock } from './lock.ts'
import type { ObjectVersions } from './object-versions.ts'

export type Upload = {
  id: string
  key: string
  startedAt: number
  headers: Record<string, string>
  parts: Map<number, { body: Buffer; etag: string; at: number }>
}

/** What a bucket's policy lets somebody else do: IAM actions, with `*` for the rest of a name. */
export type BucketGrant = { account: string; actions: readonly string[] }

export type Bucket = {
  name: string
  /** The account that owns it and everything in it. */
  account: string
  grants: BucketGrant[]
  region: string
  createdAt: number
  versioning?: 'Enabled' | 'Suspended'
  /** Algorithm and key of the default encryption. */
  encryption: { algorithm: string; keyId?: string; bucketKey: boolean }
  /** Object Lock is on; with a mode and days, new versions are locked. */
  objectLock?: { mode?: Lock['mode']; days?: number }
  /** Who owns what others write. */
  ownership?: string
  /** Settings by their XML names; undefined once somebody has removed the block. */
  publicAccessBlock?: Record<string, boolean>
  objects: ObjectVersions
  uploads: Map<string, Upload>
}

/** A bucket as every new one is since 2023: encrypted with SSE-S3, and public access blocked. */
export function emptyBucket(
  born: Pick<Bucket, 'name' | 'account' | 'region' | 'createdAt' | 'objects'>,
): Bucket {
  return {
    ...born,
    grants: [],
    ownership: 'BucketOwnerEnforced',
    encryption: { algorithm: 'AES256', bucketKey: false },
    publicAccessBlock: {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    },
    uploads: new Map(),
  }
}
