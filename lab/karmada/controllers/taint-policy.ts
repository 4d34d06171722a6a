import { type ControlLoop, startControlLoop } from '@meridian/lab-clusters/control-loop'
import type { Condition, KubeObject } from '@meridian/lab-kube-api'
import { listAt, sameJson } from '@meridian/lab-world/json'
import { candidateOf } from '../candidates.ts'
import { type ControlPlane, nowOf } from '../control-plane.ts'
import { matchesAffinity } from '../select-clusters.ts'
import { describeTaints, tell } from '../tell.ts'
import type { ClusterAffinity, Taint } from '../types.ts'

type Match = { conditionType: string; operator: string; statusValues: string[] }
type PolicySpec = {
  targetClusters?: ClusterAffinity
  addOnConditions?: Match[]
  removeOnConditions?: Match[]
  taints?: Taint[]
}

/** Puts the taints of ClusterTaintPolicies on Clusters and takes them off; they stay when their policy goes. */
export function startTaintPolicies(plane: ControlPlane): ControlLoop {
  const loop = startControlLoop({ clock: plane.world.clock, reconcile: name => reconcile(plane, name) })
  loop.follow(plane.store, 'Cluster', cluster => [cluster.metadata.name])
  loop.follow(plane.store, 'ClusterTaintPolicy', () =>
    plane.store.list('Cluster').map(cluster => cluster.metadata.name),
  )
  return loop
}

function reconcile(plane: ControlPlane, name: string): undefined {
  const cluster = plane.store.get('Cluster', undefined, name)
  if (!cluster || cluster.metadata.deletionTimestamp) return
  const before = listAt(cluster, 'spec', 'taints') as Taint[]
  const policies = plane.store
    .list('ClusterTaintPolicy')
    .toSorted((a, b) => created(a) - created(b))
    .map(policy => policy.spec as PolicySpec)
  const after = policies.reduce((taints, policy) => judge(plane, cluster, policy, taints), before)
  if (sameJson(before, after)) return
  const message = `Update Cluster(${name}) with taints(${describeTaints(after)}) succeed`
  tell(plane, [cluster], {
    reason: 'TaintClusterSucceed',
    message,
    component: 'cluster-taint-policy-controller',
  })
  plane.store.modify('Cluster', undefined, name, draft => {
    const { taints: _former, ...spec } = draft.spec as { taints?: Taint[] }
    draft.spec = after.length > 0 ? { ...spec, taints: after } : spec
  })
}

const created = ({ metadata }: KubeObject) => Date.parse(metadata.creationTimestamp ?? '')

function judge(plane: ControlPlane, cluster: KubeObject, policy: PolicySpec, taints: Taint[]): Taint[] {
  const { targetClusters, addOnConditions = [], removeOnConditions = [], taints: own = [] } = policy
  if (targetClusters && !matchesAffinity(candidateOf(cluster, undefined), targetClusters)) return taints
  const isSame = (a: Taint, b: Taint) => a.key === b.key && a.effect === b.effect
  const conditions = listAt(cluster, 'status', 'conditions') as Condition[]
  const missing = own.filter(taint => !taints.some(present => isSame(present, taint)))
  const added = holds(conditions, addOnConditions)
    ? [...taints, ...missing.map(taint => ({ ...taint, timeAdded: nowOf(plane) }))]
    : taints
  return holds(conditions, removeOnConditions)
    ? added.filter(present => !own.some(taint => isSame(present, taint)))
    : added
}

// No condition at all matches nothing, also not a `NotIn`.
function holds(conditions: readonly Condition[], matches: readonly Match[]): boolean {
  if (matches.length === 0) return false
  return matches.every(({ conditionType, operator, statusValues }) => {
    const found = conditions.find(condition => condition.type === conditionType)
    return found !== undefined && statusValues.includes(found.status) === (operator === 'In')
  })
}
