import { type ControlLoop, keyOf, splitKey, startControlLoop } from '@meridian/lab-clusters/control-loop'
import type { KubeObject } from '@meridian/lab-kube-api'
import { listAt, textAt } from '@meridian/lab-world/json'
import { type ControlPlane, nowOf } from '../control-plane.ts'
import type { BindingSpec } from '../needs-scheduling.ts'
import { untolerated } from '../select-clusters.ts'
import { tell, withTemplate } from '../tell.ts'
import type { Taint } from '../types.ts'

const manager = 'karmada-controller-manager'
const kinds = ['ResourceBinding', 'ClusterResourceBinding']

/**
 * Drives bindings out of Clusters whose NoExecute taints they do not tolerate. As in Karmada nothing is driven out
 * unless the controller manager runs with the gate `Failover` and with `--enable-no-execute-taint-eviction`.
 */
export function startTaintEviction(plane: ControlPlane): ControlLoop {
  const loop = startControlLoop({ clock: plane.world.clock, reconcile: key => reconcile(plane, key) })
  const all = () => kinds.flatMap(kind => plane.store.list(kind).map(keyOf))
  loop.follow(plane.store, 'Cluster', all)
  for (const kind of kinds) loop.follow(plane.store, kind, object => [keyOf(object)])
  return loop
}

function reconcile(plane: ControlPlane, key: string): undefined {
  if (!plane.gate(manager, 'Failover') || !plane.flag(manager, 'enable-no-execute-taint-eviction')) return
  const [namespace, name] = splitKey(key)
  const kind = namespace ? 'ResourceBinding' : 'ClusterResourceBinding'
  const binding = plane.store.get(kind, namespace, name)
  if (!binding || binding.metadata.deletionTimestamp) return
  const spec = binding.spec as BindingSpec
  const tolerations = spec.placement?.clusterTolerations ?? []
  const evicted = (spec.clusters ?? []).filter(target => {
    const cluster = plane.store.get('Cluster', undefined, target.name)
    const taints = listAt(cluster, 'spec', 'taints') as Taint[]
    return untolerated(
      taints.filter(taint => taint.effect === 'NoExecute'),
      tolerations,
    )
  })
  for (const { name: cluster } of evicted) {
    evict(plane, binding, cluster)
    const message = `Evict from cluster ${cluster} succeed.`
    tell(plane, withTemplate(plane, binding), {
      reason: 'EvictWorkloadFromClusterSucceed',
      message,
      component: 'taint-manager',
    })
  }
}

function evict(plane: ControlPlane, binding: KubeObject, cluster: string): void {
  const { namespace, name } = binding.metadata
  const purgeMode = textAt(binding, 'spec', 'failover', 'cluster', 'purgeMode') || 'Gracefully'
  plane.store.modify(binding.kind, namespace, name, draft => {
    const spec = draft.spec as BindingSpec
    const target = spec.clusters?.find(each => each.name === cluster)
    const tasks = spec.gracefulEvictionTasks ?? []
    const task = {
      fromCluster: cluster,
      purgeMode,
      ...(target?.replicas ? { replicas: target.replicas } : {}),
      reason: 'TaintUntolerated',
      producer: 'TaintManager',
      creationTimestamp: nowOf(plane),
    }
    draft.spec = {
      ...spec,
      clusters: spec.clusters?.filter(each => each.name !== cluster),
      gracefulEvictionTasks: tasks.some(each => each.fromCluster === cluster) ? tasks : [...tasks, task],
    }
  })
}
