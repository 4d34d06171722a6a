import type { World } from '@meridian/lab-world'
import type { Bucket } from './bucket.ts'
import type { Buckets } from './buckets.ts'
import { md5 } from './checksums.ts'
import type { Lock } from './lock.ts'
import { defaultLock } from './object-lock.ts'

type NewBucket = {
  /** The main account and us-east-1 by default. */
  account?: string
  region?: string
  tags?: Record<string, string>
  versioned?: boolean
}

/** What the people of a world do with S3 without asking it. */
export type S3Handles = {
  buckets(): Bucket[]
  /** Takes a name for an account that nothing else is known of. */
  addForeignBucket(name: string): void
  /** Makes a bucket in any account; throws what CreateBucket would answer. */
  addBucket(name: string, options?: NewBucket): Bucket
  /** Writes an object, whoever owns the bucket. */
  putObject(bucket: string, key: string, body: string): void
  /** The current text of an object; undefined where there is none. */
  readObject(bucket: string, key: string): string | undefined
  /** Removes an object and all its versions as if it had never been, locked or not. */
  dropObject(bucket: string, key: string): void
  /** The keys of the current objects, in order. */
  keys(bucket: string): string[]
  /** Gives another account IAM actions on a bucket and all in it, as its policy would: everything by default. */
  openBucket(name: string, account: string, actions?: readonly string[]): void
  /** Locks all versions of one object, or what is in the bucket and what comes into it; for 30 days by default. */
  lock(bucket: string, options?: { key?: string; mode?: Lock['mode']; days?: number }): void
}

/** What tests do with buckets past the wire: no permission is asked for, and no request is logged. */
export function s3Handles(world: World, buckets: Buckets): S3Handles {
  const current = (name: string) =>
    buckets
      .locate(name)
      .objects.all()
      .filter((version, index, all) => version.key !== all[index - 1]?.key && !version.deleteMarker)
  return {
    buckets: buckets.list,
    addForeignBucket: buckets.addForeign,
    addBucket(name, { account = world.accountId, region = 'us-east-1', tags = {}, versioned = false } = {}) {
      const bucket = buckets.create(name, { account, region }, tags)
      return Object.assign(bucket, versioned && { versioning: 'Enabled' })
    },
    putObject(name, key, text) {
      const bucket = buckets.locate(name)
      const [at, body] = [world.clock.now(), Buffer.from(text)]
      const etag = `"${md5(body).toString('hex')}"`
      const version = { key, deleteMarker: false, body, etag, at, headers: {}, ...defaultLock(bucket, at) }
      bucket.objects.put(version, bucket.versioning)
    },
    readObject: (name, key) =>
      current(name)
        .find(each => each.key === key)
        ?.body.toString('utf8'),
    dropObject(name, key) {
      const { objects } = buckets.locate(name)
      for (const each of objects.all()) if (each.key === key) objects.drop(key, each.versionId)
    },
    keys: name => current(name).map(({ key }) => key),
    openBucket: (name, account, actions = ['s3:*']) =>
      void buckets.locate(name).grants.push({ account, actions }),
    lock(name, { key, mode = 'GOVERNANCE', days = 30 } = {}) {
      const bucket = buckets.locate(name)
      bucket.versioning = 'Enabled'
      bucket.objectLock = key === undefined ? { mode, days } : (bucket.objectLock ?? {})
      const until = world.clock.now() + days * 86_400_000
      for (const version of bucket.objects.all()) {
        if (!version.deleteMarker && (key ?? version.key) === version.key) version.lock = { mode, until }
      }
    },
  }
}
