import { describeIdentity, type Identity, protectionTag } from '@meridian/identity'
import { describeLeak } from '@meridian/inventory'
import { judgeRegion } from '@meridian/kops'
import { UserError } from '@meridian/runner'
import type { Inputs } from '../inputs.ts'
import { type FoundCluster, isOrphaned, ownState } from './cluster.ts'

const untouched = 'Nothing was touched.'

/** Why the clusters must not be acted upon, if they must not: then nothing else is either. Pure. */
export function judgeClusters(
  clusters: readonly FoundCluster[],
  inputs: Pick<Inputs, 'scope' | 'force' | 'stateStoreAccount'>,
  identity: Identity,
): UserError | undefined {
  if (!inputs.scope.has('clusters') && !inputs.scope.has('state')) return undefined
  const checks = [
    judgeOwners(clusters, identity),
    ...clusters.map(found => found.config && judgeRegion(found.cluster, found.config)),
    inputs.scope.has('clusters') ? judgeNamesakes(clusters) : judgeNeeded(clusters),
    inputs.scope.has('clusters') ? judgeOrphans(clusters, inputs, identity) : undefined,
    inputs.force ? undefined : judgeProtection(clusters),
  ]
  return checks.find(problem => problem !== undefined)
}

/** Whose each cluster is. What is not the run's own is not, also with force. */
function judgeOwners(clusters: readonly FoundCluster[], identity: Identity): UserError | undefined {
  const strange = clusters.flatMap(({ cluster, claim }) => {
    if (claim.kind === 'foreign') return [`${cluster.fullName} belongs to ${claim.whose}`]
    return claim.kind === 'unreadable' ? [`whose ${cluster.fullName} is cannot be told: ${claim.why}`] : []
  })
  if (strange.length > 0) {
    return new UserError(`${strange.join('; ')}; this run acts for ${describeIdentity(identity)}`, {
      fix: `Correct clusters, environment, domain or repository. What belongs to others is not deleted, also with force: true. ${untouched}`,
      input: 'clusters',
    })
  }
  const [nobodys] = clusters.filter(({ claim, config }) => claim.kind === 'unclaimed' && config !== undefined)
  if (nobodys === undefined) return undefined
  const { fullName, stateStore } = nobodys.cluster
  return new UserError(`${fullName} is not Meridian's: neither a claim nor its own labels say whose it is`, {
    fix: `If it is yours, claim it: run create-cluster for it with adopt: true. Or delete it with kops: kops delete cluster --name=${fullName} --state=${stateStore} --yes. ${untouched}`,
    input: 'clusters',
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
    fix: `kops deletes everything that has the cluster's name, whoever made it. Find out who runs a cluster of that name from another state store. ${untouched}`,
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
