import type { Tenant } from '@meridian/karmada'
import { describeTenants, mayHoldOthers } from '@meridian/karmada'
import { UserError } from '@meridian/runner'
import type { Inputs } from '../inputs.ts'
import { type FoundCluster, isOrphaned } from './cluster.ts'
import type { ObservedFederation } from './observed-federation.ts'

const untouched = 'Nothing was touched.'

type Silent = Pick<ObservedFederation, 'host' | 'plane' | 'silence'>

/**
 * Why nothing of a federation that does not answer may go, if it may not: silence proves nothing, and others may have
 * members and apps in it. `force` is somebody's word that they have not, for a control plane of the run's own. Pure.
 */
export function judgeSilence(
  { host, plane, silence }: Silent,
  { scope, force }: Pick<Inputs, 'scope' | 'force'>,
): UserError | undefined {
  if (silence === undefined || !mayHoldOthers(plane)) return undefined
  const problem = `the federation in ${host.name} does not answer, so that nobody can tell who has members and apps in it: ${silence}`
  if (plane.claim.kind !== 'ours') {
    return new UserError(problem, {
      fix: `This run's own environment has not installed it, so force: true does not help. Run again once it answers, or have it taken away by the means it was installed with. ${untouched}`,
      input: 'clusters',
    })
  }
  const apart = scope.has('federation') || scope.has('clusters')
  if (force && apart) return undefined
  return new UserError(problem, {
    fix: `Run again once it answers.${apart ? ' If it never will, and nobody else can have anything in it, use force: true.' : ''} ${untouched}`,
    input: apart ? 'force' : 'scope',
  })
}

/** By which a federation is reached from outside: without it nobody else has joined it. Controllers tag by it. */
const apiService = 'karmada-system/karmada-apiserver-lb'

/**
 * Clusters that are to go, do not answer, and run a federation as far as AWS can tell: it has machines of them and the
 * load balancer of a federation's API. A cluster that never came up has none, nor has one without machines. Pure.
 */
export function findSilentHosts(
  clusters: readonly FoundCluster[],
  reached: { has(name: string): boolean },
): FoundCluster[] {
  return clusters.filter(found => {
    if (reached.has(found.cluster.name) || (found.config === undefined && !isOrphaned(found))) return false
    const { ours, unmarked } = found.resources
    const all = [...ours, ...unmarked]
    return (
      all.some(({ type }) => type === 'ec2:instance') &&
      all.some(({ tags = {} }) => Object.values(tags).includes(apiService))
    )
  })
}

/** Why a silent host must stay, if it must. `seen`: what others have in the other clusters. Pure. */
export function judgeSilentHost(
  { cluster: { name } }: FoundCluster,
  { force }: Pick<Inputs, 'force'>,
  seen: readonly Tenant[],
): UserError | undefined {
  if (seen.length > 0) {
    return new UserError(
      `${name} does not answer, it is the host of a federation, and others use one: ${describeTenants(seen)}`,
      {
        fix: `Run again once it answers, or have them take out what is theirs. It would go with its host, also with force: true. ${untouched}`,
        input: 'clusters',
      },
    )
  }
  if (force) return undefined
  return new UserError(
    `${name} does not answer, and is the host of a federation: nobody can tell who has members and apps in it`,
    {
      fix: `Run again once it answers. If it never will, and nobody else can have anything in its federation, use force: true. ${untouched}`,
      input: 'force',
    },
  )
}
