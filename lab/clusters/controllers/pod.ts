import type { KubeObject } from '@meridian/lab-kube-api'
import { chooseNode } from '../choose-node.ts'
import type { Cluster } from '../cluster.ts'
import { type Again, type ControlLoop, keyOf, splitKey, startControlLoop } from '../control-loop.ts'
import { recordEvent } from '../events.ts'
import { createKubelet } from '../kubelet.ts'
import { phaseOf } from '../make-pod.ts'
import { unschedulableStatus } from '../pod-status.ts'
import type { PodSpec } from '../pod-template.ts'
import { writeStatus } from '../write-status.ts'

/** Scheduler and kubelet: pods get a node, and become ready about 15 world seconds later. */
export function startPods(cluster: Cluster): ControlLoop {
  const kubelet = createKubelet(cluster)
  const loop = startControlLoop({
    clock: cluster.world.clock,
    reconcile(key) {
      const [namespace, name] = splitKey(key)
      const pod = cluster.store.get('Pod', namespace, name)
      if (!pod || pod.metadata.deletionTimestamp) return kubelet.forget(key)
      // System pods are started with their machine, not by a scheduler.
      if ((pod.spec as PodSpec).priorityClassName && namespace === 'kube-system') return undefined
      if (!(pod.spec as PodSpec).nodeName) return assignNode(cluster, pod)
      if (phaseOf(pod) === 'Running') return kubelet.finish(pod)
      return phaseOf(pod) === 'Pending' ? kubelet.start(pod) : undefined
    },
  })
  loop.follow(cluster.store, 'Pod', object => [keyOf(object)])
  loop.follow(cluster.store, 'Node', () => waitingPods(cluster))
  loop.follow(cluster.store, 'PersistentVolumeClaim', () => waitingPods(cluster))
  return loop
}

function waitingPods({ store }: Cluster): string[] {
  const pods = store.list('Pod')
  return pods.filter(pod => !(pod.spec as PodSpec).nodeName || phaseOf(pod) === 'Pending').map(keyOf)
}

function assignNode({ store, world }: Cluster, pod: KubeObject): Again {
  const { namespace, name } = pod.metadata
  const choice = chooseNode(pod.spec as PodSpec, store.list('Node'), store.list('Pod'))
  const about = { about: pod, component: 'default-scheduler' }
  if ('refusal' in choice) {
    const message = choice.refusal
    const status = pod.status as { conditions?: { message?: string }[] } | undefined
    if (status?.conditions?.[0]?.message === message) return
    writeStatus(store, pod, unschedulableStatus(message, new Date(world.clock.now())))
    recordEvent(world, store, { ...about, type: 'Warning', reason: 'FailedScheduling', message })
    return
  }
  const nodeName = choice.node.metadata.name
  store.modify('Pod', namespace, name, draft => {
    draft.spec = { ...(draft.spec as object), nodeName }
  })
  const message = `Successfully assigned ${namespace}/${name} to ${nodeName}`
  recordEvent(world, store, { ...about, reason: 'Scheduled', message })
}
