import { isWithin } from '@meridian/dns'
import type { Work } from '../work.ts'
import type { AnyClaim, Doubt } from './claims.ts'
import { type Sorted, sortClaims } from './environments.ts'
import { doubtOfOrphan, findOrphans, type Orphan } from './find-orphans.ts'
import { findPlaces, type StorePlace } from './find-places.ts'
import { readStore } from './read-claims.ts'
import { keyOfClaim, readZone, type ZoneLook } from './read-zone.ts'
import { settleEach } from './settle-each.ts'

export type Listing = Sorted & {
  /** All that was found within the domain, of whomever. */
  readonly claims: readonly AnyClaim[]
  readonly doubts: readonly Doubt[]
  readonly orphans: readonly Orphan[]
  /** Why there may be claims that were not found, in whole sentences. */
  readonly unseen: readonly string[]
  /** What should have been readable and was not, in whole sentences. */
  readonly problems: readonly string[]
  readonly zone: ZoneLook
  readonly places: readonly StorePlace[]
  /** Regions that could not be looked through for stores. */
  readonly unlisted: readonly string[]
}

/** All environments at or below the domain, by the claims in its zone, and in all stores that a run can know of. */
export async function findEnvironments(work: Work): Promise<Listing> {
  const { inputs, identity, account } = work
  const { domain, owners } = inputs
  const [zone, { places, unlisted, problems, findings }] = await Promise.all([
    readZone(work),
    readStores(work),
  ])
  const inStores = findings.flatMap(one => (one.kind === 'claim' ? [one.claim] : []))
  const claims = unique([...inStores, ...zone.tenants])
  const unclear = [...findings.flatMap(one => (one.kind === 'doubt' ? [one.doubt] : [])), ...zone.doubts]
  const unseen = [...problems, ...unclear.flatMap(({ root, text }) => (root === undefined ? [text] : []))]
  // Where some stores could not be read, what has no claim in the others says nothing.
  const { orphans, notices } =
    unseen.length > 0 ? { orphans: [], notices: [] } : await findOrphans(work, { claims, doubts: unclear })
  const doubts = [...unclear, ...orphans.map(orphan => doubtOfOrphan(work, orphan))]
  const reach = { domain, owners, account, repository: identity.repository }
  const sorted = sortClaims(claims, doubts, reach)
  const concerning = unclear.filter(({ root }) => root === undefined || isWithin(root, domain))
  return {
    ...sorted,
    ...{ zone, places, unlisted, doubts, orphans, unseen },
    notices: [
      ...sorted.notices,
      ...findings.flatMap(one => (one.kind === 'note' ? [one.text] : [])),
      ...notices,
    ],
    claims: claims.filter(({ mark }) => isWithin(mark.domain, domain)),
    problems: [
      ...problems,
      ...concerning.map(({ text }) => text),
      ...(zone.problem === undefined ? [] : [zone.problem]),
    ],
  }
}

async function readStores(work: Work) {
  const found = await findPlaces(work)
  return { ...found, findings: (await settleEach(found.places, place => readStore(work, place))).flat() }
}

/** A store may be named with a path, and be found by its bucket's tags too. */
function unique(claims: readonly AnyClaim[]): AnyClaim[] {
  return [...new Map(claims.map(claim => [keyOfClaim(claim), claim])).values()]
}
