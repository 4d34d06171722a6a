import type { Cluster } from '@meridian/lab-clusters'
import type { Universe } from '@meridian/lab-universe'
import { listAt, numberAt, textAt } from '@meridian/lab-world/json'
import type { LeftOver, ReportCluster, ReportEndpoint } from './lab-report.ts'

/** What is really there, seen from inside the world and not through any action. */
export type Observed = {
  clusters: ReportCluster[]
  replicas: Record<string, number>
  endpoints: ReportEndpoint[]
}

/**
 * Looks into every member cluster: its nodes, the app's ready pods, the app's load balancers.
 * Clusters come in the order of `names`, then those that nobody named.
 */
export function observe(universe: Pick<Universe, 'clusters'>, names: readonly string[] = []): Observed {
  const rank = (cluster: Cluster): number => {
    const at = names.indexOf(aliasOf(cluster))
    return at < 0 ? names.length : at
  }
  const members = universe.clusters.clusters().toSorted((a, b) => rank(a) - rank(b))
  return {
    clusters: members.map(observeCluster),
    replicas: Object.fromEntries(members.map(member => [aliasOf(member), readyPods(member)])),
    endpoints: members.flatMap(observeEndpoints),
  }
}

/** Everything that exists in the account and has not been there before, in the order it was made. */
export function listLeftOvers(universe: Pick<Universe, 'world'>): LeftOver[] {
  const found = universe.world.inventory.list(({ attributes }) => !attributes.standing)
  return found.map(({ type, id, region, name, hourlyCost }) => ({
    type,
    id,
    region,
    ...(name && { name }),
    hourlyCost,
  }))
}

function observeCluster(cluster: Cluster): ReportCluster {
  const nodes = cluster.store.list('Node')
  const ready = nodes.length > 0 && nodes.every(isReady)
  return { name: aliasOf(cluster), region: cluster.spec.region, ready, nodes: nodes.length }
}

function isReady(node: unknown): boolean {
  return listAt(node, 'status', 'conditions').some(
    condition => textAt(condition, 'type') === 'Ready' && textAt(condition, 'status') === 'True',
  )
}

/** The app is what does not belong to the cluster itself or to the federation's control plane. */
function isAppNamespace(namespace: string | undefined): boolean {
  return namespace !== undefined && !/^(kube|karmada)-/.test(namespace)
}

function readyPods({ store }: Cluster): number {
  return store
    .list('Deployment')
    .filter(deployment => isAppNamespace(deployment.metadata.namespace))
    .reduce((sum, deployment) => sum + numberAt(deployment, 'status', 'readyReplicas'), 0)
}

function observeEndpoints(cluster: Cluster): ReportEndpoint[] {
  return cluster.store
    .list('Service')
    .filter(service => isAppNamespace(service.metadata.namespace))
    .flatMap(service => {
      const hostname = textAt(service, 'status', 'loadBalancer', 'ingress', 0, 'hostname')
      return hostname ? [{ cluster: aliasOf(cluster), region: cluster.spec.region, hostname }] : []
    })
}

function aliasOf({ spec }: Cluster): string {
  return spec.name.split('.')[0] ?? spec.name
}
