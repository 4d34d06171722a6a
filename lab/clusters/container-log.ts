import { badRequest, type KubeObject } from '@meridian/lab-kube-api'
import { listAt, textAt, valueAt } from '@meridian/lab-world/json'

/** What a container has printed: that it was started, as nothing runs in it. Throws 400 for one that was not. */
export function logOf(pod: KubeObject | undefined, container: string): string | undefined {
  if (!pod) return undefined
  const isMeant = (each: unknown) => textAt(each, 'name') === container
  const status = listAt(pod, 'status', 'containerStatuses').find(isMeant)
  const startedAt =
    textAt(status, 'state', 'running', 'startedAt') || textAt(status, 'state', 'terminated', 'startedAt')
  if (startedAt) {
    const image = textAt(listAt(pod, 'spec', 'containers').find(isMeant), 'image')
    return `${startedAt} started ${image}\n`
  }
  const waiting = valueAt(status, 'state', 'waiting')
  const reason = textAt(waiting, 'reason') || 'ContainerCreating'
  const trouble = reason === 'ContainerCreating' ? reason : `trying and failing to pull image`
  throw badRequest(`container "${container}" in pod "${pod.metadata.name}" is waiting to start: ${trouble}`)
}
