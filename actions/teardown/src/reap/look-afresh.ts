import { rootOf } from '@meridian/identity'
import type { Work } from '../work.ts'
import { type AnyClaim, isOfCluster, isTenant } from './claims.ts'
import { type Environment, isSameEnvironment } from './environments.ts'
import type { Listing } from './find-claims.ts'
import { findPlaces, type StorePlace } from './find-places.ts'
import { readStore } from './read-claims.ts'
import { keyOfClaim, readZone } from './read-zone.ts'
import { settleEach } from './settle-each.ts'

/** What there is of an environment's claims beside those of clusters that were known before. */
type Afresh = {
  /** In the zone, as they are now. */
  readonly tenants: readonly AnyClaim[]
  /** Why there is more of the environment than there was, in words that complete "it stays: …". */
  readonly joined: readonly string[]
}

/** Looks again for all claims of an environment. Throws where something cannot be read that could be before. */
export type LookAgain = (environment: Environment) => Promise<Afresh>

/**
 * Another look at everything that may hold a claim, begun after it is asked for. One serves all environments that ask
 * for it before it begins.
 */
export function lookAfresh(work: Work, before: Listing): LookAgain {
  const look = shareRuns(() => Promise.all([readZone(work), findPlaces(work)]))
  const known = new Set(before.places.map(keyOf))
  return async environment => {
    const [zone, { places, unlisted }] = await look()
    if (zone.problem !== undefined && before.zone.problem === undefined) throw new Error(zone.problem)
    const unseen = unlisted.filter(region => !before.unlisted.includes(region))
    if (unseen.length > 0) throw new Error(`${unseen.join(', ')} could not be looked through once more`)
    const mayHold = places.filter(place => !known.has(keyOf(place)) || isOf(place, environment))
    const findings = (await settleEach(mayHold, place => readStore(work, place))).flat()
    const inStores = findings.flatMap(one => (one.kind === 'claim' ? [one.claim] : []))
    const isSame = (claim: AnyClaim) => environment.claims.some(one => isSameEnvironment(one, claim))
    const all = [...inStores, ...zone.tenants].filter(isSame)
    const had = new Set(environment.claims.map(keyOfClaim))
    const doubts = [...zone.doubts, ...findings.flatMap(one => (one.kind === 'doubt' ? [one.doubt] : []))]
    const name = rootOf(environment.identity)
    return {
      tenants: all.filter(isTenant),
      joined: [
        ...all
          .filter(claim => !had.has(keyOfClaim(claim)))
          .map(({ fullName }) => `${fullName} has been claimed for it since`),
        ...doubts.filter(({ root }) => root === name).map(({ text }) => text),
      ],
    }
  }
}

/** Shared stores are named; a bucket that is known is read again where a cluster of the environment is in it. */
function isOf({ location, hearsay }: StorePlace, { claims }: Environment): boolean {
  return (
    hearsay === undefined || claims.filter(isOfCluster).some(({ store }) => store.bucket === location.bucket)
  )
}

function keyOf({ location }: StorePlace): string {
  return `${location.bucket}/${location.path}`
}

/** Runs `work` once for all who ask before it begins, one run after the other. */
export function shareRuns<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve()
  let next: Promise<Result> | undefined
  return () => {
    if (next !== undefined) return next
    const run = last.then(() => {
      next = undefined
      return work()
    })
    next = run
    last = run.catch(() => {})
    return run
  }
}
