import { isWithin } from '@meridian/dns'
import {
  type ClusterDescriptor,
  completeClusters,
  formatStore,
  type Identity,
  identityOfMark,
  isAmong,
  isSameRepository,
  type Repository,
  rootOf,
} from '@meridian/identity'
import { type AnyClaim, aliasOf, type Doubt, type FoundClaim, isOfCluster, rootOfMark } from './claims.ts'

/** All whose claims speak for one and the same identity. */
export type Environment = {
  readonly identity: Identity
  readonly clusters: readonly ClusterDescriptor[]
  readonly claims: readonly AnyClaim[]
  /** Why it may have more, or other, claims than these. */
  readonly doubts: readonly string[]
}

/** Whose environments a run reaps, and where. */
export type Reach = {
  readonly domain: string
  /** The run's own. */
  readonly repository: Repository
  /** `acme/shop` or `acme/*`; undefined for the run's own repository. */
  readonly owners: readonly string[] | undefined
  readonly account: string
}

export type Sorted = {
  readonly environments: readonly Environment[]
  /** How many environments within the domain belong to others. */
  readonly others: number
  /** What stays because its claim does not say enough to act upon, in whole sentences. */
  readonly notices: readonly string[]
}

/**
 * Puts claims together to environments: those at or below the domain, of the wanted owners. A claim that was found in two
 * stores, or that shares its environment with something that could not be read, is a doubt. Pure.
 */
export function sortClaims(claims: readonly AnyClaim[], doubts: readonly Doubt[], reach: Reach): Sorted {
  const inDomain = claims.filter(({ mark }) => isWithin(mark.domain, reach.domain))
  const groups: AnyClaim[][] = []
  for (const claim of inDomain) {
    const group = groups.find(([first]) => first !== undefined && isSameEnvironment(first, claim))
    if (group === undefined) groups.push([claim])
    else group.push(claim)
  }
  const isOurs = ([first]: AnyClaim[]) =>
    first?.mark.repository !== undefined && isAmong(first.mark.repository, reach.repository, reach.owners)
  const away = (group: AnyClaim[]) =>
    group.find(({ mark }) => mark.account !== undefined && mark.account !== reach.account)
  const ours = groups.filter(isOurs)
  return {
    environments: ours.filter(group => away(group) === undefined).map(group => describe(group, doubts)),
    others: groups.filter(group => !isOurs(group) && group[0]?.mark.repository !== undefined).length,
    notices: [
      ...groups.flatMap(([first]) =>
        first !== undefined && first.mark.repository === undefined
          ? [`${rootOfMark(first.mark)} stays: its claim names no repository`]
          : [],
      ),
      ...ours.flatMap(group => {
        const one = away(group)
        return one === undefined
          ? []
          : [`${rootOfMark(one.mark)} stays: ${one.fullName} is in the account ${one.mark.account}`]
      }),
    ],
  }
}

/** Whether two claims speak for one identity. */
export function isSameEnvironment({ mark: one }: AnyClaim, { mark: other }: AnyClaim): boolean {
  const nobody = { id: '', name: '' }
  return (
    one.domain === other.domain &&
    one.owner === other.owner &&
    isSameRepository(one.repository ?? nobody, other.repository ?? nobody)
  )
}

function describe(claims: readonly AnyClaim[], doubts: readonly Doubt[]): Environment {
  const identities = claims.flatMap(({ mark }) => identityOfMark(mark) ?? [])
  // Of marks of different ages only the newer knows the repository's id, which tells more than its name.
  const identity = identities.find(({ repository }) => repository.id !== '') ?? identities[0]
  if (identity === undefined) throw new Error('an environment without claims')
  const root = rootOf(identity)
  const ofClusters = claims.filter(isOfCluster)
  return {
    identity,
    clusters: describeClusters(ofClusters, identity),
    claims,
    doubts: [
      ...doubts.filter(doubt => doubt.root === root).map(({ text }) => text),
      ...findContradictions(ofClusters),
    ],
  }
}

function describeClusters(claims: readonly FoundClaim[], identity: Identity): ClusterDescriptor[] {
  const aliases = claims.map(({ fullName }) => aliasOf(fullName, identity))
  const given = claims.map(({ fullName, region, store }, at) => {
    const alias = aliases[at] ?? ''
    // Two names of somebody's own choice may begin alike.
    const count = aliases.slice(0, at).filter(other => other === alias).length
    const name = count === 0 ? alias : `${alias.slice(0, 12)}-${count + 1}`
    return { name, region, fullName, stateStore: formatStore(store) }
  })
  return completeClusters(given, identity)
}

function findContradictions(claims: readonly FoundClaim[]): string[] {
  const names = claims.map(({ fullName }) => fullName)
  const twice = names.filter((name, at) => names.indexOf(name) < at)
  const accounts = new Set(claims.map(({ store }) => store.account))
  return [
    ...twice.map(name => `${name} is claimed in two stores`),
    ...(accounts.size > 1 ? [`its claims lie in stores of the accounts ${[...accounts].join(' and ')}`] : []),
  ]
}
