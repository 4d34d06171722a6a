import {
  adviseRepository,
  describeIdentity,
  fullName,
  type Identity,
  protectionTag,
} from '@meridian/identity'
import { describeLeak } from '@meridian/inventory'
import { judgeRegion } from '@meridian/kops'
import { typedInputs, UserError } from '@meridian/runner'
import type { Inputs } from '../inputs.ts'
import { type FoundCluster, isOrphaned, markOf, ownState } from './cluster.ts'
import { describeNeighbours } from './surroundings.ts'

const untouched = 'Nothing was touched.'

type Given = Pick<Inputs, 'scope' | 'force' | 'stateStoreAccount' | 'repository'>

/** Why the clusters must not be acted upon, if they must not: then nothing else is either. Pure. */
export function judgeClusters(
  clusters: readonly FoundCluster[],
  inputs: Given,
  identity: Identity,
): UserError | undefined {
  if (!inputs.scope.has('clusters') && !inputs.scope.has('state')) return undefined
  const checks = [
    judgeOwners(clusters, inputs, identity),
    judgeStrays(clusters),
    ...clusters.map(found => judgeRegion(found.cluster, { region: regionOf(found) })),
    inputs.scope.has('clusters') ? judgeNamesakes(clusters) : judgeNeeded(clusters),
    inputs.scope.has('clusters') ? judgeGateways(clusters) : undefined,
    inputs.scope.has('clusters') ? judgeOrphans(clusters, inputs, identity) : undefined,
    inputs.force ? undefined : judgeProtection(clusters),
  ]
  return checks.find(problem => problem !== undefined)
}

/** By what kops has saved, or by the claim where that was lost. */
function regionOf(found: FoundCluster): string | undefined {
  return found.config?.region ?? markOf(found)?.region
}

/** Whose each cluster is. What is not the run's own is not, also with force. */
function judgeOwners(
  clusters: readonly FoundCluster[],
  inputs: Given,
  identity: Identity,
): UserError | undefined {
  const strange = clusters.flatMap(({ cluster, claim }) => {
    if (claim.kind === 'foreign') return [`${cluster.fullName} belongs to ${claim.whose}`]
    return claim.kind === 'unreadable' ? [`whose ${cluster.fullName} is cannot be told: ${claim.why}`] : []
  })
  if (strange.length > 0) {
    // One input makes all of them the run's own, or none.
    const advices = clusters.map(({ claim }) =>
      claim.kind === 'foreign' ? adviseRepository(claim.mark, identity) : '',
    )
    const [advice = ''] = new Set(advices).size === 1 ? advices : []
    return new UserError(`${strange.join('; ')}; this run acts for ${describeIdentity(identity)}`, {
      fix: `Correct clusters, environment or domain.${advice} What belongs to others is not deleted, also with force: true. ${untouched}`,
      input: 'clusters',
    })
  }
  const [nobodys] = clusters.filter(({ claim, config }) => claim.kind === 'unclaimed' && config !== undefined)
  if (nobodys === undefined) return undefined
  const { fullName: name, stateStore } = nobodys.cluster
  return new UserError(`${name} is not Meridian's: neither a claim nor its own labels say whose it is`, {
    fix: `If it is yours, claim it, and run this again: create-cluster with ${adoptingInputs(nobodys, inputs, identity)}. Or delete it with kops: kops delete cluster --name=${name} --state=${stateStore} --yes. ${untouched}`,
    input: 'clusters',
  })
}

/** kops deletes a cluster's resources before it refuses to delete a folder that others have something in. */
function judgeStrays(clusters: readonly FoundCluster[]): UserError | undefined {
  const [shared] = clusters.filter(
    found => ownState(found) !== undefined && found.surroundings.strays.length > 0,
  )
  if (shared === undefined) return undefined
  const { fullName, stateStore } = shared.cluster
  const { strays } = shared.surroundings
  return new UserError(
    `in the folder of ${fullName} in ${stateStore} lies what kops has not made: ${describeNeighbours(strays)}`,
    {
      fix: `It may be another state store, and kops would refuse to delete the folder. Have it moved elsewhere. ${untouched}`,
      input: 'clusters',
    },
  )
}

/** What create-cluster must be told to claim a cluster that is there. */
function adoptingInputs(
  { cluster, config }: FoundCluster,
  { repository, stateStoreAccount }: Given,
  { domain, environment }: Identity,
): string {
  const usual = fullName(cluster.name, { domain, environment })
  return typedInputs({
    name: cluster.name,
    domain,
    environment,
    'full-name': cluster.fullName === usual ? undefined : cluster.fullName,
    region: config?.region ?? cluster.region,
    repository,
    'state-store': cluster.stateStore,
    'state-store-account': stateStoreAccount,
    adopt: 'true',
  })
}

/** Another cluster of the same name, whose resources kops would take for those of this one. */
function judgeNamesakes(clusters: readonly FoundCluster[]): UserError | undefined {
  const most = 5
  const problems = clusters.flatMap(({ cluster, resources: { others } }) => {
    if (others.length === 0) return []
    const shown = others.slice(0, most).map(({ leak, whose }) => {
      return `${describeLeak(leak)}: ${whose ?? 'nothing says whose it is'}`
    })
    const more = others.length > most ? [`and ${others.length - most} more`] : []
    return [
      `${others.length} resources of ${cluster.fullName} in ${cluster.region} are not this run's own: ${[...shown, ...more].join('; ')}`,
    ]
  })
  if (problems.length === 0) return undefined
  return new UserError(problems.join('. '), {
    fix: `kops deletes everything that has the cluster's name, whoever made it, and somebody runs a cluster of that name from another state store. If that one is meant, give its stateStore in clusters. ${untouched}`,
    input: 'clusters',
  })
}

/** NAT gateways of others to which somebody has led a cluster's routes: kops would delete them with it. */
function judgeGateways(clusters: readonly FoundCluster[]): UserError | undefined {
  const led = clusters.flatMap(({ cluster, gateways }) => gateways.map(one => ({ ...one, cluster })))
  if (led.length === 0) return undefined
  const problems = led.map(
    ({ cluster, table, gateway }) =>
      `the route table ${table} of ${cluster.fullName} leads to the NAT gateway ${gateway}, which is not the cluster's`,
  )
  const commands = led.map(
    ({ cluster, table, destination }) =>
      `aws ec2 delete-route --region ${cluster.region} --route-table-id ${table} --destination-cidr-block ${destination}`,
  )
  return new UserError(`${problems.join('; ')}: kops would delete it with the cluster`, {
    fix: `Take the route away, then run this again: ${commands.join(' && ')}. Where it stands in a network that goes with the cluster, have it moved before. ${untouched}`,
    input: 'clusters',
  })
}

function judgeNeeded(clusters: readonly FoundCluster[]): UserError | undefined {
  const names = clusters.filter(({ config }) => config !== undefined).map(({ cluster }) => cluster.fullName)
  if (names.length === 0) return undefined
  return new UserError(`the state of ${names.join(', ')} is still needed to delete them`, {
    fix: 'Add clusters to the scope, or take state out of it.',
    input: 'scope',
  })
}

/** The spec of a cluster is made again only in a store that is the run's own, or that is made for it. */
function judgeOrphans(
  clusters: readonly FoundCluster[],
  { stateStoreAccount }: Pick<Inputs, 'stateStoreAccount'>,
  { account }: Identity,
): UserError | undefined {
  const elsewhere = stateStoreAccount !== undefined && stateStoreAccount !== account
  const [lost] = clusters.filter(found => {
    const writable = found.store === undefined ? !elsewhere : ownState(found) !== undefined
    return isOrphaned(found) && !writable
  })
  if (lost === undefined) return undefined
  const { fullName, stateStore } = lost.cluster
  return new UserError(
    `${lost.resources.ours.length} resources of ${fullName} live, but ${stateStore} does not hold its state, and is not this run's to write to`,
    {
      fix: `Give the cluster another stateStore, of a bucket that does not exist, such as s3://${fullName}-lost-state${elsewhere ? ', and leave state-store-account out' : ''}: it is made for that, and removed with the rest. ${untouched}`,
      input: 'clusters',
    },
  )
}

function judgeProtection(clusters: readonly FoundCluster[]): UserError | undefined {
  const names = clusters.filter(found => found.protected).map(({ cluster }) => cluster.fullName)
  if (names.length === 0) return undefined
  return new UserError(`${names.join(', ')}: protected by the tag ${protectionTag}`, {
    fix: `Take the tag off the state bucket, or the label off the cluster. If it is to go all the same, use force: true. ${untouched}`,
    input: 'force',
  })
}
