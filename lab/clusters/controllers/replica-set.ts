import type { KubeObject } from '@meridian/lab-kube-api'
import type { Cluster } from '../cluster.ts'
import { type ControlLoop, keyOf, ownerKeys, splitKey, startControlLoop } from '../control-loop.ts'
import { recordEvent } from '../events.ts'
import { makePod } from '../make-pod.ts'
import { ownedBy, wantedReplicas } from '../ownership.ts'
import { isPodReady, type PodTemplate } from '../pod-template.ts'
import { writeStatus } from '../write-status.ts'

/** ReplicaSets make pods and delete those they have too many of, the unready ones first. */
export function startReplicaSets(cluster: Cluster): ControlLoop {
  const loop = startControlLoop({ clock: cluster.world.clock, reconcile: key => reconcile(cluster, key) })
  loop.follow(cluster.store, 'ReplicaSet', object => [keyOf(object)])
  loop.follow(cluster.store, 'Pod', object => ownerKeys(object, 'ReplicaSet'))
  return loop
}

function reconcile(cluster: Cluster, key: string): undefined {
  const [namespace, name] = splitKey(key)
  const set = cluster.store.get('ReplicaSet', namespace, name)
  if (!set || set.metadata.deletionTimestamp) return
  const pods = ownedBy(cluster.store, 'Pod', set).filter(pod => !pod.metadata.deletionTimestamp)
  const wanted = wantedReplicas(set)
  for (let missing = wanted - pods.length; missing > 0; missing -= 1) pods.push(createPod(cluster, set))
  const dispensable = pods.toSorted((a, b) => Number(isPodReady(a)) - Number(isPodReady(b)))
  const surplus = dispensable.slice(0, Math.max(0, pods.length - wanted))
  for (const pod of surplus) removePod(cluster, set, pod)
  report(
    cluster,
    set,
    pods.filter(pod => !surplus.includes(pod)),
  )
}

function createPod(cluster: Cluster, set: KubeObject): KubeObject {
  const pod = makePod(cluster, set, { template: (set.spec as { template?: PodTemplate }).template ?? {} })
  announce(cluster, set, 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`)
  return pod
}

function removePod(cluster: Cluster, set: KubeObject, pod: KubeObject): void {
  cluster.store.remove('Pod', pod.metadata.namespace, pod.metadata.name)
  announce(cluster, set, 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`)
}

function announce(cluster: Cluster, set: KubeObject, reason: string, message: string): void {
  recordEvent(cluster.world, cluster.store, {
    about: set,
    reason,
    message,
    component: 'replicaset-controller',
  })
}

function report(cluster: Cluster, set: KubeObject, pods: readonly KubeObject[]): void {
  const ready = pods.filter(isPodReady).length
  const counters = {
    replicas: pods.length,
    fullyLabeledReplicas: pods.length,
    readyReplicas: ready,
    availableReplicas: ready,
  }
  const status = { ...counters, observedGeneration: set.metadata.generation }
  writeStatus(cluster.store, set, status)
}
