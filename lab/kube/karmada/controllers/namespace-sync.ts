import type { KubeObject } from '../../api/index.ts'
import { type ControlLoop, startControlLoop } from '../../control-loop.ts'
import { buildManifest } from '../build-manifest.ts'
import type { ControlPlane } from '../control-plane.ts'
import { clusterOfSpace, executionSpace, isReservedNamespace, workName } from '../names.ts'
import { ensureWork } from '../works.ts'

const optOut = 'namespace.karmada.io/skip-auto-propagation'

/** Every namespace of people goes to every member, and with it when it is deleted. */
export function startNamespaceSync(plane: ControlPlane): ControlLoop {
  const loop = startControlLoop({ clock: plane.world.clock, reconcile: name => reconcile(plane, name) })
  const all = () => plane.store.list('Namespace').map(namespace => namespace.metadata.name)
  loop.follow(plane.store, 'Namespace', ({ metadata: { name } }) => (clusterOfSpace(name) ? all() : [name]))
  loop.follow(plane.store, 'Cluster', all)
  return loop
}

function reconcile(plane: ControlPlane, name: string): undefined {
  if (isReservedNamespace(name)) return
  const namespace = plane.store.get('Namespace', undefined, name)
  const wanted =
    namespace && !namespace.metadata.deletionTimestamp && namespace.metadata.labels?.[optOut] !== 'true'
  for (const cluster of plane.store.list('Cluster')) {
    if (wanted) ensure(plane, cluster, namespace)
    else withdraw(plane, cluster, name)
  }
}

function ensure(plane: ControlPlane, cluster: KubeObject, namespace: KubeObject): void {
  if (cluster.metadata.deletionTimestamp) return
  const manifest = buildManifest(namespace, { name: cluster.metadata.name }, false)
  const { spec: _spec, ...bare } = manifest
  ensureWork(plane, { cluster: cluster.metadata.name, manifest: bare as KubeObject })
}

function withdraw({ store }: ControlPlane, cluster: KubeObject, name: string): void {
  const space = executionSpace(cluster.metadata.name)
  const work = store.get('Work', space, workName('Namespace', name, undefined))
  if (work && !work.metadata.deletionTimestamp) store.remove('Work', space, work.metadata.name)
}
