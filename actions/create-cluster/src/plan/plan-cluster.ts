import {
  adviseRepository,
  type Claim,
  type ClusterDescriptor,
  type Identity,
  readTags,
} from '@meridian/identity'

import {
  type Asked,
  compareCluster,
  type Difference,
  describeDifference,
  isTooNew,
  judgeRegion,
  type ObservedCluster,
  resizeGroups,
  type SavedCluster,
  type UpgradeRange,
} from '@meridian/kops'
import { type Plan, type Refusal, untouched } from './plan.ts'

/** Something in AWS that has the tags of a cluster, and whose it is where its own tags tell. */
export type CloudThing = {
  readonly name: string
  readonly claim?: Claim<unknown> | undefined
  /** Whether kops marks what it makes of the kind. */
  readonly byKops?: boolean
}

/** What was read before anything is written. */
export type Seen = {
  /** Whether the bucket of the state store is there. */
  readonly bucket: boolean
  readonly claim: Claim<unknown>
  /** Whether that was read from a claim object, and not only from labels. */
  readonly claimed: boolean
  readonly observed: ObservedCluster
  /** What kops has saved, where it is whole. */
  readonly saved: SavedCluster | undefined
  /** What AWS has of the cluster; asked where it matters. */
  readonly cloud: readonly CloudThing[]
}

/** What is asked for. */
export type Wish = {
  readonly identity: Identity
  readonly cluster: ClusterDescriptor
  readonly asked: Asked
  readonly adopt: boolean
  readonly applyPending: boolean
  /** Whether the cluster may be made, since its name follows from the other inputs. */
  readonly ownName: boolean
  /** Whether the bucket of the state store may be made: it would be in the run's own account. */
  readonly ownAccount: boolean
  readonly kopsVersion: string
  /** Whether machines may be replaced, and within which versions. */
  readonly upgrade?: UpgradeRange | undefined
  /** How to remove a cluster of ours. */
  readonly teardown: string
}

/** Decides what becomes of a cluster. It is never deleted. */
export function planCluster(seen: Seen, wish: Wish): Plan {
  const { claim, observed } = seen
  const { cluster, kopsVersion } = wish
  if (claim.kind === 'foreign') return refuseForeign(claim, wish.identity)
  if (claim.kind === 'unreadable') return refuseUnreadable(claim.why)
  if (observed.config === undefined) return planNew(seen, wish)
  const elsewhere = judgeRegion(cluster, observed.config, cluster.zones.length > 0 ? 'zones' : 'region')
  if (elsewhere !== undefined) {
    const { fix, input } = elsewhere
    const reason = `it is in ${observed.config.region}, not in ${cluster.region}`
    return { kind: 'refuse', reason, fix, ...(input && { input }) }
  }
  if (isTooNew(observed, kopsVersion)) {
    return {
      kind: 'refuse',
      reason: `kops ${observed.kopsVersion} has changed it, and kops ${kopsVersion} is older`,
      fix: `Set kops-version to ${observed.kopsVersion} or a later one. Nothing has been changed.`,
      input: 'kops-version',
    }
  }
  return claim.kind === 'ours' ? planOurs(seen, wish) : planUnclaimed(seen, wish)
}

type Foreign = Extract<Claim<unknown>, { kind: 'foreign' }>

function refuseForeign({ whose, mark }: Foreign, identity: Identity): Refusal {
  return {
    kind: 'refuse',
    reason: `it belongs to ${whose}`,
    fix: `Choose another name or environment.${adviseRepository(mark, identity)} ${untouched}`,
    input: 'name',
  }
}

function refuseUnreadable(why: string): Refusal {
  return {
    kind: 'refuse',
    reason: `whose it is cannot be told: ${why}`,
    fix: `Look at the claim beside its state, and restore an earlier version of it. ${untouched}`,
  }
}

/** The store does not have it. That is so only if AWS says the same. */
function planNew({ bucket, cloud }: Seen, wish: Wish): Plan {
  const { cluster, ownName, ownAccount, teardown } = wish
  if (cloud.length > 0) return refuseElsewhere(cloud, cluster.stateStore, teardown)
  const refuse = (input: string, reason: string, fix: string): Refusal => ({
    kind: 'refuse',
    reason,
    fix: `${fix} ${untouched}`,
    input,
  })
  if (!ownName)
    return refuse(
      'full-name',
      `it is not in ${cluster.stateStore}, and full-name is for one that is`,
      'Give the state-store that has it, or leave full-name out to create a cluster of the usual name.',
    )
  if (!bucket && !ownAccount)
    return refuse(
      'state-store-account',
      `there is no ${cluster.stateStore} in that account`,
      'Name a store that is there. A new one is made only in the account of the credentials.',
    )
  if (cluster.zones.length === 0)
    return refuse('zones', 'it is to be created, and that needs zones', 'Give its zones.')
  return { kind: 'create', makeBucket: !bucket }
}

function refuseElsewhere(cloud: readonly CloudThing[], store: string, teardown: string): Refusal {
  const reason = `${store} does not have it, but AWS has ${describeCloud(cloud)}`
  const lost = cloud.some(({ claim }) => claim?.kind === 'ours') && findStrange(cloud, true).length === 0
  if (lost)
    return {
      kind: 'refuse',
      reason: `${reason}. They are marked as this environment's: its state was lost, or lies in another store`,
      fix: `If it lies elsewhere, give that as state-store. If it was lost, what is left has to go before it can be made anew. ${teardown}`,
      input: 'state-store',
    }
  return {
    kind: 'refuse',
    reason,
    fix: `A cluster of that name is looked after from another state store: give that as state-store to use it, or choose another name. ${untouched}`,
    input: 'name',
  }
}

/**
 * What is not the run's own of what bears a cluster's name, which kops takes for parts of this one all the same. `marked`:
 * what kops makes for this cluster carries marks.
 */
function findStrange(cloud: readonly CloudThing[], marked: boolean): CloudThing[] {
  return cloud.filter(({ claim, byKops = false }) => {
    if (claim?.kind === 'unclaimed') return marked && byKops
    return claim?.kind === 'foreign' || claim?.kind === 'unreadable'
  })
}

/** Somebody has made a cluster of the name from another store since this one was begun. */
function refuseNamesake(strange: readonly CloudThing[]): Refusal {
  return {
    kind: 'refuse',
    reason: `it is begun, but AWS has ${describeCloud(strange)}, which its own kops has not made`,
    fix: `A cluster of that name is looked after from another state store, and kops would mix the two. Find out who runs it, or choose another name. ${untouched}`,
    input: 'name',
  }
}

const most = 5

/** `17 things of that name: ec2:vpc vpc-1, … (they belong to …)`. */
function describeCloud(cloud: readonly CloudThing[]): string {
  const shown = cloud.slice(0, most).map(({ name }) => name)
  const more = cloud.length > most ? ` and ${cloud.length - most} more` : ''
  const foreign = cloud.flatMap(({ claim }) => (claim?.kind === 'foreign' ? [claim.whose] : []))
  const whose = foreign.length > 0 ? ` (they belong to ${[...new Set(foreign)].join('; ')})` : ''
  const things = cloud.length === 1 ? 'one thing' : `${cloud.length} things`
  return `${things} of that name: ${shown.join(', ')}${more}${whose}`
}

function planUnclaimed({ saved }: Seen, { adopt, asked, upgrade }: Wish): Plan {
  if (upgrade !== undefined)
    return {
      kind: 'refuse',
      reason: 'nobody has claimed it, and only what is ours is upgraded',
      fix: `If it is yours, claim it first, in a run with adopt: true and without upgrade. ${untouched}`,
      input: 'upgrade',
    }
  if (saved === undefined)
    return {
      kind: 'refuse',
      reason: 'nobody has claimed it, and its instance groups are not all there, so it cannot be used',
      fix: `Finish it with the kops and the files that it was made with. ${untouched}`,
    }
  return { kind: 'use', adopt, differences: compareCluster(saved, asked) }
}

function planOurs(seen: Seen, wish: Wish): Plan {
  const { claim, claimed, observed, saved, cloud } = seen
  const { asked, cluster, teardown } = wish
  const differences = saved === undefined ? [] : compareCluster(saved, asked, wish.upgrade)
  if (differences.some(({ remedy }) => remedy === 'refuse')) return refuseDifferences(differences)
  const marked = readTags(observed.config?.labels ?? {}).kind === 'marked'
  const strange = findStrange(cloud, marked)
  if (strange.length > 0) return refuseNamesake(strange)
  const ended = observed.kopsVersion !== undefined
  const isUnfinished = claimed ? claim.kind === 'ours' && claim.mark.unfinished !== undefined : !ended
  const nothingBuilt = isUnfinished && !ended && !observed.completed && cloud.length === 0
  if (nothingBuilt && cluster.zones.length > 0) return { kind: 'replace' }
  if (saved === undefined) {
    const found = cloud.length === 0 ? 'AWS has nothing of it' : `AWS has ${describeCloud(cloud)}`
    return {
      kind: 'refuse',
      reason: `its instance groups are not all in ${cluster.stateStore}, and ${found}`,
      fix: `Restore earlier versions of the objects below instancegroup/ there. ${teardown}`,
    }
  }
  const applies = (input: string) => differences.some(each => each.input === input && each.remedy === 'apply')
  const resize = applies('node-count') && asked.nodeCount !== undefined
  return {
    kind: 'update',
    unfinished: isUnfinished,
    differences,
    resizes: resize ? resizeGroups(saved, asked.nodeCount, asked.zones) : [],
    apiAccess: applies('api-access') ? asked.apiAccess : undefined,
    pending: [],
  }
}

function refuseDifferences(differences: readonly Difference[]): Refusal {
  const refused = differences.filter(({ remedy }) => remedy === 'refuse')
  return {
    kind: 'refuse',
    reason: `it is there with other inputs than these: ${refused.map(describeDifference).join('; ')}`,
    fix: `${[...new Set(refused.map(({ advice }) => advice))].join(' ')} ${untouched}`,
  }
}
