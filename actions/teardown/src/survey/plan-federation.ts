import type { Owned } from '@meridian/identity'
import { describeTenants, type InstalledPlane, type JoinedMember, type JudgedMember } from '@meridian/karmada'
import { UserError } from '@meridian/runner'
import type { Inputs } from '../inputs.ts'
import { type FoundCluster, ownState } from './cluster.ts'
import { judgeSilence } from './judge-silence.ts'
import type { ObservedFederation } from './observed-federation.ts'

/** What of a federation goes. */
export type FederationPlan = {
  readonly members: readonly Owned<JoinedMember>[]
  /** The control plane, where it goes by itself. */
  readonly plane: Owned<InstalledPlane> | undefined
  /** The app, everywhere. */
  readonly app: boolean
  /** The host goes, and the control plane with it. */
  readonly hostGoes: boolean
  readonly notices: readonly string[]
}

type Facts = Pick<
  ObservedFederation,
  'name' | 'host' | 'plane' | 'silence' | 'members' | 'tenants' | 'guests' | 'led'
>
type Given = Pick<Inputs, 'scope' | 'clusters' | 'force'>

const untouched = 'Nothing was touched.'

/**
 * Decides what of a federation goes with the named clusters: their own memberships; the control plane with its last
 * member, or with its host, which then goes only if all members do; the app only with the whole. Pure.
 */
export function planFederation(
  facts: Facts,
  clusters: readonly FoundCluster[],
  inputs: Given,
): FederationPlan | UserError {
  const { host, members } = facts
  const { scope } = inputs
  const named = new Set(inputs.clusters.map(({ name }) => name))
  const leaving = members.filter(({ name }) => named.has(name))
  const staying = members.filter(({ name }) => !named.has(name))
  const isGoing = (name: string) =>
    scope.has('clusters') &&
    clusters.some(
      found => found.cluster.name === name && found.config !== undefined && ownState(found) !== undefined,
    )
  const hostGoes = isGoing(host.name)
  const last = staying.length === 0 && (named.has(host.name) || leaving.length > 0)
  const plane =
    scope.has('federation') && last && facts.plane.claim.kind === 'ours' ? facts.plane.claim.owned : undefined
  const ends = hostGoes || plane !== undefined
  const problem =
    judgeHost(facts, { hostGoes, staying }) ??
    judgeTenants(facts, ends) ??
    judgeMembership(leaving, scope.has('federation') && !ends, isGoing) ??
    judgeSilence(facts, inputs) ??
    judgeLed(facts)
  if (problem !== undefined) return problem
  const owns = staying.some(({ claim }) => claim.kind === 'ours')
  const narrow = scope.has('federation') || scope.has('clusters')
  return {
    members: scope.has('federation')
      ? leaving.flatMap(({ claim }) => (claim.kind === 'ours' ? [claim.owned] : []))
      : [],
    plane,
    app: scope.has('app') && (ends || !narrow || !owns),
    hostGoes,
    notices: describePlan(facts, inputs, { leaving, staying, plane: plane !== undefined, hostGoes }),
  }
}

/** A host takes its federation with it. */
function judgeHost(
  { host, plane }: Facts,
  { hostGoes, staying }: { hostGoes: boolean; staying: readonly JudgedMember[] },
): UserError | undefined {
  if (!hostGoes) return undefined
  if (plane.claim.kind === 'foreign') {
    return new UserError(`the control plane in ${host.name} belongs to ${plane.claim.whose}`, {
      fix: `It would go with its host. Have its owner take it away first. ${untouched}`,
      input: 'clusters',
    })
  }
  if (plane.claim.kind === 'unreadable') {
    return new UserError(`whose the control plane in ${host.name} is cannot be told: ${plane.claim.why}`, {
      fix: `It would go with its host. Look at the ConfigMap meridian-installation in its namespace karmada-system. ${untouched}`,
      input: 'clusters',
    })
  }
  if (staying.length === 0) return undefined
  return new UserError(
    `${host.name} is the host of a federation with members that are not named: ${staying.map(describeMember).join(', ')}`,
    {
      fix: `Name all members, so that all of it goes, or take ${host.name} out of clusters and give it as host: {name: ${host.name}, region: ${host.region}}; it stays then. ${untouched}`,
      input: 'clusters',
    },
  )
}

function describeMember({ name, claim }: JudgedMember): string {
  return claim.kind === 'foreign' ? `${name} (it belongs to ${claim.whose})` : name
}

function judgeTenants({ host, tenants }: Facts, ends: boolean): UserError | undefined {
  if (!ends || tenants.length === 0) return undefined
  return new UserError(`the federation in ${host.name} also holds ${describeTenants(tenants)}`, {
    fix: `It goes when only this run's own is left in it. To take out this run's own app and records: scope: dns,app. ${untouched}`,
    input: 'scope',
  })
}

/** A named cluster that somebody else has joined is theirs to take out, and must not go from under their federation. */
function judgeMembership(
  leaving: readonly JudgedMember[],
  unjoins: boolean,
  isGoing: (name: string) => boolean,
): UserError | undefined {
  const strange = leaving.flatMap(({ name, claim }) => {
    if (!unjoins && !isGoing(name)) return []
    if (claim.kind === 'foreign') return [`${name}, which ${claim.whose} has joined`]
    if (claim.kind === 'unreadable')
      return [`${name}, of which cannot be told who has joined it: ${claim.why}`]
    return claim.kind === 'unclaimed' && isGoing(name) ? [`${name}, which was joined by other means`] : []
  })
  if (strange.length === 0) return undefined
  return new UserError(
    `the federation has members that are not this run's to take out: ${strange.join('; ')}`,
    {
      fix: `Have them unjoined by whoever joined them (by hand: karmadactl unjoin <name>), or use scope: dns,app. ${untouched}`,
      input: 'clusters',
    },
  )
}

/** The app of others in a member of ours may go with it, but not from under a name that users are led by. */
function judgeLed({ led }: Facts): UserError | undefined {
  if (led.length === 0) return undefined
  return new UserError(`clusters that are to go serve users of others: ${led.join(', ')}`, {
    fix: `Have the owners take these regions out of their names (latency-dns with endpoints that no longer name them), and wait for the TTL. ${untouched}`,
    input: 'clusters',
  })
}

function describePlan(
  { name: federation, host, plane, silence, tenants, guests }: Facts,
  { scope }: Given,
  seen: {
    leaving: readonly JudgedMember[]
    staying: readonly JudgedMember[]
    plane: boolean
    hostGoes: boolean
  },
): string[] {
  const notices: string[] = []
  if (silence !== undefined && plane.found.state === 'whole')
    notices.push(
      `The federation ${federation} in ${host.name} does not answer: ${silence}. Of what it has put into members that stay, nothing is taken out.`,
    )
  if (tenants.length > 0)
    notices.push(`The federation ${federation} also holds, and keeps: ${describeTenants(tenants)}.`)
  if (guests.length > 0)
    notices.push(`With the members that leave goes what runs there of others: ${describeTenants(guests)}.`)
  if (!scope.has('federation')) return notices
  if (plane.claim.kind === 'unclaimed' && !seen.hostGoes)
    notices.push(`The Karmada in ${host.name} stays: Meridian did not install it.`)
  if (plane.claim.kind === 'foreign')
    notices.push(`The control plane in ${host.name} stays: it belongs to ${plane.claim.whose}.`)
  if (!seen.plane && !seen.hostGoes && seen.staying.length > 0)
    notices.push(
      `The federation ${federation} goes on with ${seen.staying.map(({ name }) => name).join(', ')}.`,
    )
  for (const { name, claim } of seen.leaving)
    if (claim.kind === 'unclaimed') notices.push(`${name} stays a member: it was joined by other means.`)
  return notices
}
