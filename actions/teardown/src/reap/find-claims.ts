import { isWithin } from '@meridian/dns'
import type { Work } from '../work.ts'
import type { Doubt, FoundClaim } from './claims.ts'
import { type Sorted, sortClaims } from './environments.ts'
import { findPlaces } from './find-places.ts'
import { readStore } from './read-claims.ts'
import { settleEach } from './settle-each.ts'

export type Listing = Sorted & {
  /** All that was found within the domain, of whomever. */
  readonly claims: readonly FoundClaim[]
  readonly doubts: readonly Doubt[]
  /** Why there may be claims that were not found, in whole sentences. */
  readonly unseen: readonly string[]
  /** What should have been readable and was not, in whole sentences. */
  readonly problems: readonly string[]
}

/** All environments at or below the domain, by the claims in all stores that a run can know of. */
export async function findEnvironments(work: Work): Promise<Listing> {
  const { inputs, identity, account } = work
  const { places, problems } = await findPlaces(work)
  const findings = (await settleEach(places, place => readStore(work, place))).flat()
  const claims = findings.flatMap(one => (one.kind === 'claim' ? [one.claim] : []))
  const doubts = findings.flatMap(one => (one.kind === 'doubt' ? [one.doubt] : []))
  const { domain, owners } = inputs
  const sorted = sortClaims(unique(claims), doubts, {
    domain,
    owners,
    account,
    repository: identity.repository,
  })
  const concerning = doubts.filter(({ root }) => root === undefined || isWithin(root, domain))
  return {
    ...sorted,
    notices: [...sorted.notices, ...findings.flatMap(one => (one.kind === 'note' ? [one.text] : []))],
    claims: claims.filter(({ mark }) => isWithin(mark.domain, domain)),
    doubts,
    unseen: [...problems, ...doubts.flatMap(({ root, text }) => (root === undefined ? [text] : []))],
    problems: [...problems, ...concerning.map(({ text }) => text)],
  }
}

/** A store may be named with a path, and be found by its bucket's tags too. */
function unique(claims: readonly FoundClaim[]): FoundClaim[] {
  const keyOf = ({ store, fullName }: FoundClaim) => `${store.bucket}/${store.path}/${fullName}`
  return [...new Map(claims.map(claim => [keyOf(claim), claim])).values()]
}
