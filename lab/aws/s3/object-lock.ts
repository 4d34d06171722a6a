import { type AwsAnswer, AwsError, type AwsRequest, header } from '@meridian/lab-aws-protocol'
import type { Bucket } from './bucket.ts'
import type { Lock } from './lock.ts'
import type { Version } from './object-versions.ts'
import { s3Answer } from './s3-answer.ts'

const day = 86_400_000

/** The lock that a new version gets from its bucket's default retention. */
export function defaultLock({ objectLock }: Bucket, now: number): { lock?: Lock } {
  if (!objectLock?.days || !objectLock.mode) return {}
  return { lock: { mode: objectLock.mode, until: now + objectLock.days * day } }
}

/** Throws AccessDenied for a version that is locked; a request may ask to bypass the governance mode. */
export function refuseLocked(version: Version, request: AwsRequest, now: number): void {
  const { lock, legalHold } = version
  const bypass =
    header(request, 'x-amz-bypass-governance-retention') === 'true' && lock?.mode === 'GOVERNANCE'
  const retained = lock !== undefined && lock.until > now && !bypass
  if (!retained && !legalHold) return
  throw new AwsError(403, 'AccessDenied', 'Access Denied because object protected by object lock.')
}

/** What GetObject and HeadObject tell of a version's lock. */
export function lockHeaders({ lock, legalHold }: Version): Record<string, string> {
  return {
    ...(lock && {
      'x-amz-object-lock-mode': lock.mode,
      'x-amz-object-lock-retain-until-date': new Date(lock.until).toISOString(),
    }),
    ...(legalHold && { 'x-amz-object-lock-legal-hold': 'ON' }),
  }
}

/** The default retention of a bucket's objects; 404 where its objects cannot be locked. */
export function getObjectLockConfiguration({ objectLock }: Bucket): AwsAnswer {
  if (!objectLock) {
    const words = 'Object Lock configuration does not exist for this bucket'
    throw new AwsError(404, 'ObjectLockConfigurationNotFoundError', words)
  }
  const { mode: Mode, days: Days } = objectLock
  return s3Answer('ObjectLockConfiguration', {
    ObjectLockEnabled: 'Enabled',
    Rule: Mode && { DefaultRetention: { Mode, Days } },
  })
}

/** The retention or the legal hold of one version; NoSuchObjectLockConfiguration where it has none. */
export function getLockOf(
  { lock, legalHold }: Version,
  operation: 'GetObjectRetention' | 'GetObjectLegalHold',
) {
  if (operation === 'GetObjectLegalHold' && legalHold) return s3Answer('LegalHold', { Status: 'ON' })
  if (operation === 'GetObjectRetention' && lock) {
    return s3Answer('Retention', { Mode: lock.mode, RetainUntilDate: new Date(lock.until).toISOString() })
  }
  const words = 'The specified object does not have a ObjectLock configuration'
  throw new AwsError(404, 'NoSuchObjectLockConfiguration', words)
}
