import { type KubeObject, timestamp } from '@meridian/lab-kube-api'
import { isFields, listAt, numberAt, textAt, valueAt } from '@meridian/lab-world/json'
import type { Cluster } from '../cluster.ts'
import {
  type Again,
  type ControlLoop,
  keyOf,
  ownerKeys,
  splitKey,
  startControlLoop,
} from '../control-loop.ts'
import { recordEvent } from '../events.ts'
import { hasEnded, makePod, phaseOf } from '../make-pod.ts'
import { ownedBy } from '../ownership.ts'
import { isPodReady, templateOf } from '../pod-template.ts'
import { writeStatus } from '../write-status.ts'

const component = 'job-controller'

type Progress = { startTime: string; active: number; ready: number; succeeded: number; failed: number }

/** Jobs make pods until enough of them have succeeded, or more have failed than may. */
export function startJobs(cluster: Cluster): ControlLoop {
  const finished = new Map<string, number>()
  const loop = startControlLoop({
    clock: cluster.world.clock,
    reconcile: key => reconcile(cluster, finished, key),
  })
  loop.follow(cluster.store, 'Job', object => [keyOf(object)])
  loop.follow(cluster.store, 'Pod', object => ownerKeys(object, 'Job'))
  return loop
}

function reconcile(cluster: Cluster, finished: Map<string, number>, key: string): Again {
  const [namespace, name] = splitKey(key)
  const job = cluster.store.get('Job', namespace, name)
  if (!job || job.metadata.deletionTimestamp) return undefined
  if (isFinished(job)) return expire(cluster, finished, job)
  const pods = ownedBy(cluster.store, 'Pod', job)
  const count = (phase: string) => pods.filter(pod => phaseOf(pod) === phase).length
  const [succeeded, failed] = [count('Succeeded'), count('Failed')]
  const end = endOf(job, succeeded, failed)
  const active = pods.filter(pod => !hasEnded(pod))
  const wanted = end || isSuspended(job) ? 0 : wantedPods(job, succeeded)
  for (const pod of active.splice(wanted)) cluster.store.remove('Pod', namespace, pod.metadata.name)
  while (active.length < wanted) active.push(createPod(cluster, job))
  const startTime = textAt(job, 'status', 'startTime') || timestamp(cluster.world.clock.now())
  const ready = active.filter(isPodReady).length
  report(cluster, job, { startTime, active: active.length, ready, succeeded, failed }, end)
  return undefined
}

function wantedPods(job: KubeObject, succeeded: number): number {
  const parallelism = Number(valueAt(job, 'spec', 'parallelism') ?? 1)
  const completions = valueAt(job, 'spec', 'completions')
  // Without a number of completions one pod that succeeds speaks for all.
  if (typeof completions !== 'number') return succeeded > 0 ? 0 : parallelism
  return Math.min(parallelism, Math.max(0, completions - succeeded))
}

type End = { type: 'Complete' | 'Failed'; reason: string; message: string }

function endOf(job: KubeObject, succeeded: number, failed: number): End | undefined {
  const completions = Number(valueAt(job, 'spec', 'completions') ?? 1)
  if (succeeded >= completions) {
    const message = 'Reached expected number of succeeded pods'
    return { type: 'Complete', reason: 'CompletionsReached', message }
  }
  if (failed <= numberAt(job, 'spec', 'backoffLimit')) return undefined
  const message = 'Job has reached the specified backoff limit'
  return { type: 'Failed', reason: 'BackoffLimitExceeded', message }
}

function createPod(cluster: Cluster, job: KubeObject): KubeObject {
  const pod = makePod(cluster, job, { template: templateOf(job) })
  const message = `Created pod: ${pod.metadata.name}`
  recordEvent(cluster.world, cluster.store, { about: job, reason: 'SuccessfulCreate', message, component })
  return pod
}

function report(cluster: Cluster, job: KubeObject, progress: Progress, end: End | undefined): void {
  const now = timestamp(cluster.world.clock.now())
  const { startTime, ...counts } = progress
  const met = end?.type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget'
  const since = { lastProbeTime: now, lastTransitionTime: now }
  writeStatus(cluster.store, job, {
    ...(isSuspended(job) ? {} : { startTime }),
    ...Object.fromEntries(Object.entries(counts).filter(([, value]) => value > 0)),
    ready: progress.ready,
    terminating: 0,
    uncountedTerminatedPods: {},
    conditions: [
      ...(end ? [met, end.type].map(type => ({ ...end, type, status: 'True', ...since })) : []),
      ...(isSuspended(job) ? [suspension(job, since)] : []),
    ],
    ...(end?.type === 'Complete' ? { completionTime: now } : {}),
  })
  if (!end) return
  const event = end.type === 'Complete' ? { reason: 'Completed', message: 'Job completed' } : end
  const type = end.type === 'Complete' ? 'Normal' : 'Warning'
  recordEvent(cluster.world, cluster.store, {
    about: job,
    type,
    reason: event.reason,
    message: event.message,
    component,
  })
}

function suspension(job: KubeObject, since: object): unknown {
  const former = listAt(job, 'status', 'conditions').find(each => textAt(each, 'type') === 'Suspended')
  if (isFields(former)) return former
  return { type: 'Suspended', status: 'True', reason: 'JobSuspended', message: 'Job suspended', ...since }
}

function isSuspended(job: KubeObject): boolean {
  return valueAt(job, 'spec', 'suspend') === true
}

/** Whether a Job has come to its end, well or not. */
export function isFinished(job: KubeObject): boolean {
  return isComplete(job) || holds(job, 'Failed')
}

/** Whether a Job has ended well; one that failed is not complete. */
export function isComplete(job: KubeObject): boolean {
  return holds(job, 'Complete')
}

function holds(job: KubeObject, type: string): boolean {
  return listAt(job, 'status', 'conditions').some(
    each => textAt(each, 'type') === type && textAt(each, 'status') === 'True',
  )
}

/** Removes a finished Job when its `ttlSecondsAfterFinished` are over; `finished` keeps since when each is. */
export function expire(
  { store, world }: Pick<Cluster, 'store' | 'world'>,
  finished: Map<string, number>,
  job: KubeObject,
): Again {
  const { uid = '', namespace, name } = job.metadata
  const seconds = valueAt(job, 'spec', 'ttlSecondsAfterFinished')
  if (typeof seconds !== 'number') return undefined
  const now = world.clock.elapsed()
  const since = finished.get(uid) ?? now
  finished.set(uid, since)
  const left = since + seconds - now
  if (left > 0) return left
  finished.delete(uid)
  store.remove('Job', namespace, name)
  return undefined
}
