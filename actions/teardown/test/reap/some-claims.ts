import { S3Client } from '@aws-sdk/client-s3'
import { type Mark, makeMark } from '@meridian/identity'
import type { Doubt, FoundClaim } from '../../src/reap/claims.ts'
import { type Reach, sortClaims } from '../../src/reap/environments.ts'
import { identityOf, repository } from '../lab-environment.ts'

export const now = Date.parse('2026-11-26T12:00:00Z')
const account = '111122223333'
const s3 = new S3Client({ region: 'us-east-1' })
export const past = { expiresAt: '2026-11-26T11:00:00Z' }
export const future = { expiresAt: '2026-11-26T14:00:00Z' }
export const domain = 'k8s.example.com'

/** A claim on a cluster of the environment pr-1, if nothing else is said. */
export function claim(
  more: Partial<Mark> & { cluster?: string; store?: string; isProtected?: boolean } = {},
): FoundClaim {
  const {
    cluster: fullName = 'usa.pr-1.k8s.example.com',
    store: bucket = `${fullName}-state`,
    isProtected = false,
  } = more
  const { store: _, isProtected: __, ...stated } = more
  const mark = { ...makeMark(identityOf('pr-1')), domain, ...stated }
  const store = { bucket, path: '', s3, region: 'us-east-1', account }
  return {
    fullName,
    store,
    region: 'us-east-1',
    mark: { ...mark, domain: mark.domain ?? domain },
    isProtected,
  }
}

export const reach: Reach = { domain, repository, owners: undefined, account }
/** Claims as a run of this repository sorts them. */
export const sort = (
  claims: readonly FoundClaim[],
  doubts: readonly Doubt[] = [],
  more: Partial<Reach> = {},
) => sortClaims(claims, doubts, { ...reach, ...more })
