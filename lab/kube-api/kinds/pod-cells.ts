import { listAt, numberAt, textAt, valueAt } from '@meridian/lab-world/json'
import { describeAge } from '../duration.ts'
import type { KubeObject } from '../objects.ts'

const statusesOf = (pod: KubeObject) => listAt(pod, 'status', 'containerStatuses')

/** `2/3`: ready containers of all. */
export function podReady(pod: KubeObject): string {
  const ready = statusesOf(pod).filter(status => valueAt(status, 'ready') === true).length
  return `${ready}/${listAt(pod, 'spec', 'containers').length}`
}

/** The one word for a pod's state: Terminating, why a container waits or ended, else reason or phase. */
export function podStatus(pod: KubeObject): string {
  const phase = textAt(pod, 'status', 'reason') || textAt(pod, 'status', 'phase') || 'Unknown'
  if (pod.metadata.deletionTimestamp) return phase === 'NodeLost' ? 'Unknown' : 'Terminating'
  const initial = initialising(pod)
  if (initial) return initial
  const gated = listAt(pod, 'status', 'conditions').some(
    condition =>
      textAt(condition, 'type') === 'PodScheduled' && textAt(condition, 'reason') === 'SchedulingGated',
  )
  if (gated) return 'SchedulingGated'
  const reasons = statusesOf(pod).flatMap(status => {
    const ended = numberAt(status, 'state', 'terminated', 'exitCode')
    const why =
      textAt(status, 'state', 'waiting', 'reason') || textAt(status, 'state', 'terminated', 'reason')
    return why || (valueAt(status, 'state', 'terminated') ? `ExitCode:${ended}` : [])
  })
  return reasons[0] ?? phase
}

function initialising(pod: KubeObject): string | undefined {
  const statuses = listAt(pod, 'status', 'initContainerStatuses')
  const index = statuses.findIndex(status => valueAt(status, 'state', 'terminated', 'exitCode') !== 0)
  if (index < 0) return undefined
  const status = statuses[index]
  const failed = textAt(status, 'state', 'terminated', 'reason')
  const waiting = textAt(status, 'state', 'waiting', 'reason')
  if (failed || (waiting && waiting !== 'PodInitializing')) return `Init:${failed || waiting}`
  return `Init:${index}/${listAt(pod, 'spec', 'initContainers').length}`
}

/** The sum of restarts, with the time since the last one: `3 (5m ago)`. */
export function podRestarts(pod: KubeObject, now: number): string {
  const restarts = statusesOf(pod).reduce<number>((sum, status) => sum + numberAt(status, 'restartCount'), 0)
  const ends = statusesOf(pod).map(status => textAt(status, 'lastState', 'terminated', 'finishedAt'))
  const last = ends.filter(Boolean).sort().at(-1)
  return restarts > 0 && last ? `${restarts} (${describeAge(last, now)} ago)` : String(restarts)
}
