import { type ControlLoop, startControlLoop } from '@meridian/lab-clusters/control-loop'
import type { ControlPlane } from '../control-plane.ts'
import { clusterOfSpace, isReservedNamespace } from '../names.ts'
import { ensureWork } from '../works.ts'

const optOut = 'namespace.karmada.io/skip-auto-propagation'

/** Every namespace of people goes to every member; its Works are its own, so they go with it. */
export function startNamespaceSync(plane: ControlPlane): ControlLoop {
  const loop = startControlLoop({ clock: plane.world.clock, reconcile: name => reconcile(plane, name) })
  const all = () => plane.store.list('Namespace').map(namespace => namespace.metadata.name)
  loop.follow(plane.store, 'Namespace', ({ metadata: { name } }) => (clusterOfSpace(name) ? all() : [name]))
  loop.follow(plane.store, 'Cluster', all)
  return loop
}

function reconcile(plane: ControlPlane, name: string): undefined {
  // What is left to each cluster, and `default`, which each has: namespaceShouldBeSynced in Karmada.
  if (isReservedNamespace(name) || name === 'default') return
  const namespace = plane.store.get('Namespace', undefined, name)
  if (!namespace || namespace.metadata.deletionTimestamp || namespace.metadata.labels?.[optOut] === 'true')
    return
  for (const cluster of plane.store.list('Cluster')) {
    if (cluster.metadata.deletionTimestamp) continue
    const { spec: _spec, ...manifest } = namespace
    ensureWork(plane, { cluster: cluster.metadata.name, manifest, owner: namespace })
  }
}
