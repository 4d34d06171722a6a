import { type ClusterDescriptor, readFederation } from '@meridian/identity'
import type { Inputs } from '../inputs.ts'
import { isHostGone } from '../survey/claims.ts'
import type { Work } from '../work.ts'
import { isOfCluster, isTenant } from './claims.ts'
import type { Environment } from './environments.ts'

/**
 * The inputs by which an environment's own teardowns would be run, one for each federation that its app is in: the last
 * takes its clusters with all that is theirs. A host that is proven gone has taken the app with it.
 */
export async function planPasses(work: Work, environment: Environment): Promise<readonly Inputs[]> {
  const { clusters, identity, claims } = environment
  const hosts = new Map<string, ClusterDescriptor>()
  for (const { mark } of claims.filter(isTenant)) {
    const [host] = readFederation(mark, identity)
    const isOwn = clusters.some(({ fullName }) => fullName === host.fullName)
    if (!isOwn && !(await isHostGone(work, mark))) hosts.set(host.fullName, host)
  }
  const [host, ...others] = hosts.values()
  const { domain, environment: name } = identity
  const plain: Inputs = {
    ...work.inputs,
    domain,
    environment: name,
    clusters: [],
    recordNames: undefined,
    host,
    stateStoreAccount: claims.find(isOfCluster)?.store.account ?? work.inputs.stateStoreAccount,
    force: false,
    leaseTimeout: 0,
  }
  const scope = new Set((['dns', 'app'] as const).filter(one => work.inputs.scope.has(one)))
  const passes = others.map((other): Inputs => ({ ...plain, scope, host: other }))
  return [...passes, clusters.length > 0 ? { ...plain, clusters } : { ...plain, scope }]
}
