import type { EksCluster } from '@meridian/lab-aws'
import { deleteResource, type Machine, type World } from '@meridian/lab-world'
import { adjustMachines } from '../adjust-machines.ts'
import type { Cluster } from '../cluster.ts'
import { cordonNode, evictPods } from '../drain-node.ts'
import { isReady } from '../nodes.ts'
import { standing } from './account-parts.ts'

/** EKS replaces the API servers one by one, in some minutes. */
const controlPlaneSeconds = 480
const evictionSeconds = 5

/** The version of a cluster's API and kubelets: a patch release with EKS's own mark. */
export const patchOf = (version: string): string => `${version}.2-eks-b3126f4`

/**
 * Upgrades the control plane by one minor version, as its owner does it: the cluster is UPDATING and serves on, and whoever
 * watches has to connect anew. Throws what EKS says of other versions.
 */
export async function upgradeControlPlane(
  world: World,
  cluster: EksCluster,
  running: Cluster,
  version: string,
): Promise<void> {
  const [now, next] = [cluster.version, version].map(text => Number(text.split('.')[1]))
  if (now === undefined || next !== now + 1)
    throw new Error(`Unsupported Kubernetes minor version update from ${cluster.version} to ${version}`)
  cluster.status = 'UPDATING'
  await world.clock.sleep(controlPlaneSeconds)
  running.api.up(patchOf(version))
  running.server.cut()
  Object.assign(cluster, { version, status: 'ACTIVE' })
}

/** Gives a managed node group machines of the cluster's version, one by one: a new one joins, then an old one is drained and goes. */
export async function upgradeNodes(world: World, cluster: EksCluster, running: Cluster): Promise<void> {
  const { spec, store } = running
  for (const [at, old] of [...spec.nodes].entries()) {
    const fresh = launch(world, cluster, old, at)
    adjustMachines(spec, { controlPlanes: [], nodes: [...spec.nodes, fresh] }, running)
    while (!isJoined(running, fresh.name)) await world.clock.sleep(evictionSeconds)
    cordonNode(store, old.name)
    while (evictPods(store, old.name).refused.length > 0) await world.clock.sleep(evictionSeconds)
    adjustMachines(
      spec,
      { controlPlanes: [], nodes: spec.nodes.filter(({ name }) => name !== old.name) },
      running,
    )
    deleteResource(world, old.id ?? old.name)
  }
}

function launch(world: World, cluster: EksCluster, old: Machine, at: number): Machine {
  const { account, region, version } = cluster
  const found = world.inventory.get(old.id ?? old.name)
  const { tags = {}, attributes = {} } = found ?? {}
  const born = { type: 'instance', account, region, state: 'running', tags, attributes } as const
  const { id } = world.inventory.add({ ...born, attributes: { ...attributes, ...standing } })
  const number = Number(/^ip-192-168-(\d+)-/.exec(old.name)?.[1] ?? 0) + 1
  const name = old.id === undefined ? id : `ip-192-168-${number}-${17 + at}.${region}.compute.internal`
  return { ...old, name, ...(old.id !== undefined && { id }), version: patchOf(version) }
}

const isJoined = ({ store }: Cluster, name: string): boolean => {
  const node = store.get('Node', undefined, name)
  return node !== undefined && isReady(node)
}
