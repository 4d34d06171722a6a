import type { KubeObject } from '@meridian/lab-kube-api'
import { fieldsAt, listAt } from '@meridian/lab-world/json'
import { hashTemplate, type PodSpec } from './pod-template.ts'

type Condition = {
  type: string
  status: string
  reason?: string
  message?: string
  lastTransitionTime: string
}
export type Placement = { hostIP: string; podIP: string; now: Date }

/** Status of a pod that no node takes. */
export function unschedulableStatus(message: string, now: Date): Record<string, unknown> {
  const lastTransitionTime = stamp(now)
  const condition = {
    type: 'PodScheduled',
    status: 'False',
    reason: 'Unschedulable',
    message,
    lastTransitionTime,
  }
  return { phase: 'Pending', conditions: [condition], qosClass: 'BestEffort' }
}

/** Status of a pod whose containers are being created on a node, or cannot be for `reason`. */
export function creatingStatus(
  spec: PodSpec,
  { hostIP, now }: Placement,
  reason = 'ContainerCreating',
  message = '',
): Record<string, unknown> {
  const waiting = { waiting: { reason, ...(message ? { message } : {}) } }
  return {
    phase: 'Pending',
    conditions: conditions(false, now),
    hostIP,
    startTime: stamp(now),
    containerStatuses: containers(spec).map(each => ({
      ...each,
      ready: false,
      started: false,
      state: waiting,
    })),
    qosClass: 'BestEffort',
  }
}

/** Status of a pod that runs and answers its probes. */
export function runningStatus(
  spec: PodSpec,
  { hostIP, podIP, now }: Placement,
  startTime: string,
): Record<string, unknown> {
  const running = { running: { startedAt: stamp(now) } }
  return {
    phase: 'Running',
    conditions: conditions(true, now),
    hostIP,
    podIP,
    podIPs: [{ ip: podIP }],
    startTime,
    containerStatuses: containers(spec).map(each => ({
      ...each,
      containerID: `containerd://${hashTemplate([each.image, podIP, each.name])}`,
      imageID: each.image,
      ready: true,
      started: true,
      state: running,
    })),
    qosClass: 'BestEffort',
  }
}

/** Status of a pod that ran and whose containers have all ended well. */
export function succeededStatus({ status }: KubeObject, now: Date): Record<string, unknown> {
  const finished = { reason: 'Completed', exitCode: 0, finishedAt: stamp(now) }
  return {
    ...(status as object),
    phase: 'Succeeded',
    conditions: conditions(false, now).map(each =>
      each.reason ? { ...each, reason: 'PodCompleted', message: '' } : each,
    ),
    containerStatuses: listAt(status, 'containerStatuses').map(each => ({
      ...(each as object),
      ready: false,
      started: false,
      state: { terminated: { ...fieldsAt(each, 'state', 'running'), ...finished } },
    })),
  }
}

function containers(spec: PodSpec): { name: string; image: string; restartCount: number }[] {
  return (spec.containers ?? []).map(({ name, image = '' }) => ({ name, image, restartCount: 0 }))
}

function conditions(ready: boolean, now: Date): Condition[] {
  const lastTransitionTime = stamp(now)
  const waiting = ready ? {} : { reason: 'ContainersNotReady', message: 'containers with unready status' }
  const status = ready ? 'True' : 'False'
  return [
    { type: 'Initialized', status: 'True', lastTransitionTime },
    { type: 'Ready', status, ...waiting, lastTransitionTime },
    { type: 'ContainersReady', status, ...waiting, lastTransitionTime },
    { type: 'PodScheduled', status: 'True', lastTransitionTime },
  ]
}

function stamp(now: Date): string {
  return `${now.toISOString().slice(0, 19)}Z`
}
