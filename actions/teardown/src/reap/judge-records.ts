import { hostnameRegion } from '@meridian/aws'
import { isWithin, type ZoneGroup } from '@meridian/dns'
import {
  type Identity,
  identityOfMark,
  isAmong,
  isSameRepository,
  type Mark,
  rootOf,
} from '@meridian/identity'
import { type AnyClaim, type Doubt, rootOfMark } from './claims.ts'
import type { Reach } from './environments.ts'

/** Records whose own mark says whose they are, and whose environment nobody has found. */
export type Ownerless = {
  readonly fqdn: string
  readonly mark: Mark
  readonly identity: Identity
  /** Where its records lead. */
  readonly targets: readonly string[]
}

export type SortedRecords = {
  readonly ownerless: readonly Ownerless[]
  /** How many names belong to others. */
  readonly others: number
  /** Why names stay that may be without an owner, in whole sentences. */
  readonly notices: readonly string[]
}

type Known = {
  readonly claims: readonly AnyClaim[]
  readonly doubts: readonly Doubt[]
  /** Why there may be claims that nobody has seen, of whatever environment. */
  readonly unseen: readonly string[]
}

/**
 * Which names of a zone have lost their environment: those at or below the domain, of the wanted owners, that no claim
 * speaks for. A name stays where its environment's claim may be in something that could not be read. Pure.
 */
export function sortRecords(
  groups: readonly ZoneGroup[],
  { claims, doubts, unseen }: Known,
  reach: Reach,
): SortedRecords {
  const ownerless: Ownerless[] = []
  const notices: string[] = []
  let others = 0
  for (const { fqdn, reading, records } of groups) {
    if (!isWithin(fqdn, reach.domain) || reading.kind === 'unmarked' || reading.kind === 'alien') continue
    const whose = reading.kind === 'marked' ? identityOfMark(reading.mark) : undefined
    if (reading.kind !== 'marked' || whose === undefined || reading.mark.repository === undefined) {
      const isOfSomeone = whose !== undefined && claims.some(({ mark }) => rootOfMark(mark) === rootOf(whose))
      const why = reading.kind === 'unreadable' ? reading.why : 'its mark names no repository'
      if (!isOfSomeone) notices.push(`The records of ${fqdn} stay: ${why}`)
      continue
    }
    const { mark } = reading
    // An environment of a domain above may be called like this domain; its claims were not looked for.
    if (!isWithin(whose.domain, reach.domain)) others += 1
    else if (!isAmong(whose.repository, reach.repository, reach.owners)) others += 1
    else if (mark.account !== undefined && mark.account !== reach.account)
      notices.push(`The records of ${fqdn} stay: they were made by the account ${mark.account}`)
    else if (!claims.some(claim => speaksFor(claim, mark))) {
      const unclear = doubts.find(({ root }) => root === rootOf(whose))?.text ?? unseen[0]
      if (unclear !== undefined) notices.push(`The records of ${fqdn} stay: ${unclear}`)
      else ownerless.push({ fqdn, mark, identity: whose, targets: records.map(({ target }) => target) })
    }
  }
  return { ownerless, others, notices }
}

function speaksFor({ mark: claim }: AnyClaim, mark: Mark): boolean {
  const nobody = { id: '', name: '' }
  return (
    claim.domain === mark.domain &&
    claim.owner === mark.owner &&
    isSameRepository(claim.repository ?? nobody, mark.repository ?? nobody)
  )
}

/**
 * The names to ask for when a group's targets are to be proven gone; undefined where that cannot be. Only load balancers
 * have names that nobody gets a second time; a mark without records leads nowhere, and stands for something else. Pure.
 */
export function provableHosts(targets: readonly string[]): readonly string[] | undefined {
  const hosts = targets.map(target => target.toLowerCase().replace(/^dualstack\./, ''))
  if (hosts.length === 0 || hosts.some(host => hostnameRegion(host) === undefined)) return undefined
  return [...new Set(hosts)]
}
