import { type ControlLoop, startControlLoop } from '@meridian/lab-clusters/control-loop'
import { findCondition, type KubeObject } from '@meridian/lab-kube-api'
import { listAt, valueAt } from '@meridian/lab-world/json'
import { type ControlPlane, nowOf } from '../control-plane.ts'
import { clusterFinalizer, clusterOfSpace, executionSpace } from '../names.ts'
import { describeTaints, tell } from '../tell.ts'
import type { Taint, TargetCluster } from '../types.ts'

const component = 'cluster-controller'
const notReady = 'cluster.karmada.io/not-ready'
const unreachable = 'cluster.karmada.io/unreachable'

/** Gives each Cluster its execution space and taints, and clears up before a deleted one goes. */
export function startClusterLifecycle(plane: ControlPlane): ControlLoop {
  const loop = startControlLoop({ clock: plane.world.clock, reconcile: name => reconcile(plane, name) })
  loop.follow(plane.store, 'Cluster', object => [object.metadata.name])
  loop.follow(plane.store, 'Namespace', object => [clusterOfSpace(object.metadata.name) ?? []].flat())
  for (const kind of ['ResourceBinding', 'ClusterResourceBinding']) {
    loop.follow(plane.store, kind, () => terminating(plane))
  }
  return loop
}

function terminating({ store }: ControlPlane): string[] {
  const leaving = store.list('Cluster').filter(cluster => cluster.metadata.deletionTimestamp)
  return leaving.map(cluster => cluster.metadata.name)
}

function reconcile(plane: ControlPlane, name: string): undefined {
  const cluster = plane.store.get('Cluster', undefined, name)
  if (!cluster) return
  if (cluster.metadata.deletionTimestamp) return leave(plane, cluster)
  const space = executionSpace(name)
  if (!plane.store.get('Namespace', undefined, space)) {
    const labels = { 'karmada.io/system': 'true' }
    plane.store.create('Namespace', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: space, labels },
    })
    const message = `Created execution space(${space}) for cluster(${name}).`
    tell(plane, [cluster], { reason: 'CreateExecutionSpaceSucceed', message, component })
  }
  writeTaints(plane, cluster)
}

// In this order: its Works go with the namespace, then no binding may name the cluster, then it may go itself.
function leave(plane: ControlPlane, cluster: KubeObject): undefined {
  const { name } = cluster.metadata
  const space = plane.store.get('Namespace', undefined, executionSpace(name))
  if (space && !space.metadata.deletionTimestamp)
    plane.store.remove('Namespace', undefined, space.metadata.name)
  if (space || isTarget(plane, name)) return
  plane.store.modify('Cluster', undefined, name, draft => {
    draft.metadata.finalizers = draft.metadata.finalizers?.filter(each => each !== clusterFinalizer) ?? []
  })
}

function isTarget({ store }: ControlPlane, name: string): boolean {
  const bindings = [...store.list('ResourceBinding'), ...store.list('ClusterResourceBinding')]
  return bindings.some(binding => {
    const targets = listAt(binding, 'spec', 'clusters') as TargetCluster[]
    return targets.some(target => target.name === name)
  })
}

function writeTaints(plane: ControlPlane, cluster: KubeObject): void {
  const present = (valueAt(cluster, 'spec', 'taints') ?? []) as Taint[]
  const status = findCondition(cluster, 'Ready')?.status ?? 'False'
  const wanted = status === 'True' ? undefined : status === 'False' ? notReady : unreachable
  const others = present.filter(taint => taint.key !== notReady && taint.key !== unreachable)
  const held = present.find(taint => taint.key === wanted)
  const next: Taint[] = wanted
    ? [...others, held ?? { key: wanted, effect: 'NoSchedule', timeAdded: nowOf(plane) }]
    : others
  if (next.length === present.length && next.every(taint => present.includes(taint))) return
  plane.store.modify('Cluster', undefined, cluster.metadata.name, draft => {
    const { taints: _former, ...spec } = draft.spec as { taints?: Taint[] }
    draft.spec = next.length > 0 ? { ...spec, taints: next } : spec
  })
  const message = `Taint cluster succeed: ${describeTaints(next)}.`
  tell(plane, [cluster], { reason: 'TaintClusterSucceed', message, component })
}
