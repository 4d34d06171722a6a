import { type ControlLoop, keyOf, splitKey, startControlLoop } from '@meridian/lab-clusters/control-loop'
import { type Condition, type KubeObject, setCondition } from '@meridian/lab-kube-api'
import { sameJson } from '@meridian/lab-world/json'
import { candidateOf } from '../candidates.ts'
import { type ControlPlane, nowOf } from '../control-plane.ts'
import { podSpecOf } from '../interpret-replicas.ts'
import { findTemplate } from '../map-kinds.ts'
import {
  affinityInForce,
  appliedPlacement,
  type BindingSpec,
  isRescheduleTriggered,
  needsScheduling,
  observedAffinity,
} from '../needs-scheduling.ts'
import { schedule } from '../schedule.ts'
import { matchesAffinity } from '../select-clusters.ts'
import { tell, withTemplate } from '../tell.ts'
import type { TargetCluster } from '../types.ts'

const scheduledMessage = 'Binding has been scheduled successfully.'
const component = 'default-scheduler'

type Outcome = ReturnType<typeof schedule>

/** karmada-scheduler: decides which members get how many replicas, per binding. */
export function startScheduler(plane: ControlPlane): ControlLoop {
  const loops = ['ResourceBinding', 'ClusterResourceBinding'].map(kind => {
    const loop = startControlLoop({ clock: plane.world.clock, reconcile: key => reconcile(plane, kind, key) })
    loop.follow(plane.store, kind, (binding, previous) => (isNews(binding, previous) ? [keyOf(binding)] : []))
    loop.follow(plane.store, 'Cluster', (cluster, previous) => affectedBy(plane, kind, cluster, previous))
    return loop
  })
  return {
    add: key => loops.forEach(loop => void loop.add(key)),
    follow: (...source) => loops.forEach(loop => void loop.follow(...source)),
    stop: () => loops.forEach(loop => void loop.stop()),
  }
}

// A binding that no policy claims any more, or that a policy holds back, is not looked at.
function isConcerned({ metadata: { labels = {} }, spec }: KubeObject): boolean {
  const claimed = ['propagationpolicy', 'clusterpropagationpolicy'].some(
    prefix => labels[`${prefix}.karmada.io/permanent-id`],
  )
  return claimed && (spec as BindingSpec).suspension?.scheduling !== true
}

function isNews(binding: KubeObject, previous: KubeObject | undefined): boolean {
  if (!isConcerned(binding)) return false
  if (!previous || !isConcerned(previous)) return true
  return binding.metadata.generation !== previous.metadata.generation
}

/** What a Cluster reports of itself moves nothing: only a change of its labels or spec does, or that it leaves. */
function affectedBy(
  { store }: ControlPlane,
  kind: string,
  cluster: KubeObject,
  previous: KubeObject | undefined,
): string[] {
  if (!previous) return []
  const { generation, labels = {} } = previous.metadata
  if (cluster.metadata.generation === generation && sameJson(cluster.metadata.labels ?? {}, labels)) return []
  const candidates = [cluster, previous].map(each => candidateOf(each, undefined))
  const concerned = store.list(kind).filter(binding => {
    const affinity = affinityInForce(binding)
    return !affinity || candidates.some(each => matchesAffinity(each, affinity))
  })
  return concerned.map(keyOf)
}

function reconcile(plane: ControlPlane, kind: string, key: string): undefined {
  const [namespace, name] = splitKey(key)
  const binding = plane.store.get(kind, namespace, name)
  if (!binding) return
  if (binding.metadata.deletionTimestamp) return tellSkipped(plane, binding)
  const spec = binding.spec as BindingSpec
  // Dependencies follow what requires them; they have no placement of their own.
  if (!spec.placement || spec.suspension?.scheduling) return
  const leaving = (cluster: string) =>
    plane.store.get('Cluster', undefined, cluster)?.metadata.deletionTimestamp !== undefined
  if (!needsScheduling(binding, leaving)) {
    writeStatus(plane, binding, undefined)
    return
  }
  const outcome = decide(plane, binding)
  // Where nothing fits what was scheduled is given up; where only the room is missing it stays.
  const clusters =
    outcome.kind === 'scheduled' ? outcome.clusters : outcome.reason === 'NoClusterFit' ? [] : undefined
  if (clusters) writeResult(plane, binding, clusters)
  tellOutcome(plane, binding, outcome)
  writeStatus(plane, binding, outcome)
  if (!clusters && outcome.kind === 'no fit') throw new Error(outcome.message)
}

function writeResult(plane: ControlPlane, binding: KubeObject, clusters: readonly TargetCluster[]): void {
  const { placement, clusters: former = [] } = binding.spec as BindingSpec
  plane.store.modify(binding.kind, binding.metadata.namespace, binding.metadata.name, draft => {
    if (!sameJson(former, clusters)) draft.spec = { ...(draft.spec as object), clusters }
    const annotations = { ...draft.metadata.annotations, [appliedPlacement]: JSON.stringify(placement) }
    draft.metadata.annotations = annotations
  })
}

function tellSkipped(plane: ControlPlane, binding: KubeObject): undefined {
  const { namespace, name } = binding.metadata
  const what = namespace ? `resourceBinding: ${namespace}/${name}` : `clusterResourceBinding: ${name}`
  tellFailure(plane, binding, `skip schedule deleting ${what}`)
}

function tellFailure(plane: ControlPlane, binding: KubeObject, message: string): void {
  const about = withTemplate(plane, binding)
  tell(plane, about, { type: 'Warning', reason: 'ScheduleBindingFailed', message, component })
}

function tellOutcome(plane: ControlPlane, binding: KubeObject, outcome: Outcome): void {
  if (outcome.kind !== 'scheduled') {
    tellFailure(plane, binding, outcome.message)
    return
  }
  const result = outcome.clusters.map(({ name, replicas = 0 }) => `${name}:${replicas}`).join(', ')
  const colon = binding.metadata.namespace ? ':' : ''
  const message = `${scheduledMessage} Result${colon} {${result}}`
  tell(plane, withTemplate(plane, binding), { reason: 'ScheduleBindingSucceed', message, component })
}

function decide(plane: ControlPlane, binding: KubeObject): Outcome {
  const spec = binding.spec as BindingSpec
  const { apiVersion, kind, uid } = spec.resource
  const template = findTemplate(plane, spec.resource)
  const podSpec = podSpecOf(template)
  const evicting = new Set(spec.gracefulEvictionTasks?.map(task => task.fromCluster))
  const candidates = plane.store
    .list('Cluster')
    .map(cluster => ({ ...candidateOf(cluster, podSpec), evicting: evicting.has(cluster.metadata.name) }))
  const workload = { apiVersion, kind, uid, replicas: spec.replicas ?? 0 }
  return schedule(workload, spec.placement ?? {}, candidates, {
    held: spec.clusters ?? [],
    affinityName: observedAffinity(binding),
    fresh: isRescheduleTriggered(binding),
  })
}

// A generation has been observed, and the time of a schedule is told, only once one has succeeded.
function writeStatus(plane: ControlPlane, binding: KubeObject, outcome: Outcome | undefined): void {
  const { namespace, name, generation } = binding.metadata
  const change = (draft: KubeObject) => {
    const before = (draft.status ?? {}) as { conditions?: Condition[] }
    const conditions = outcome && setCondition(before.conditions, conditionOf(outcome), nowOf(plane))
    const affinity = outcome?.kind === 'scheduled' && outcome.affinityName
    draft.status = {
      ...before,
      ...(conditions ? { conditions } : {}),
      ...(outcome?.kind === 'no fit' ? {} : { schedulerObservedGeneration: generation }),
      ...(outcome?.kind === 'scheduled' ? { lastScheduledTime: nowOf(plane) } : {}),
      ...(affinity ? { schedulerObservingAffinityName: affinity } : {}),
    }
  }
  plane.store.modify(binding.kind, namespace, name, change, { status: true })
}

function conditionOf(outcome: Outcome): Omit<Condition, 'lastTransitionTime'> {
  const type = 'Scheduled'
  if (outcome.kind === 'scheduled')
    return { type, status: 'True', reason: 'Success', message: scheduledMessage }
  return { type, status: 'False', reason: outcome.reason, message: outcome.message }
}
