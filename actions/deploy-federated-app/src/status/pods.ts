import { memberPath } from '@meridian/karmada'
import type { Kube, KubeObject } from '@meridian/kube'
import type { Named } from './made-for.ts'

type ContainerStatus = {
  name: string
  state?: { waiting?: { reason?: string; message?: string }; terminated?: Terminated }
  lastState?: { terminated?: Terminated }
}
type Terminated = { exitCode?: number; reason?: string }
export type Pod = KubeObject & {
  status?: {
    phase?: string
    conditions?: { type: string; status: string; message?: string }[]
    initContainerStatuses?: ContainerStatus[]
    containerStatuses?: ContainerStatus[]
  }
}

const requestMilliseconds = 10_000

export type Asking = Pick<Kube, 'request'>

/** Reads up to 500 items of a list by its path, once: a member that does not answer is not waited for. */
export async function readList<T>(federation: Asking, path: string): Promise<T[]> {
  const how = { timeout: requestMilliseconds, repeatable: false, query: { limit: '500' } }
  return (await federation.request<{ items: T[] }>('GET', path, how)).items
}

/** The app's pods in a member's namespace, the newest first. */
export async function readPods(
  federation: Asking,
  { cluster, namespace }: { cluster: string; namespace: string },
  isOwn: (object: Named) => boolean,
): Promise<Pod[]> {
  const pods = await readList<Pod>(federation, `${memberPath(cluster)}/api/v1/namespaces/${namespace}/pods`)
  const own = pods.filter(({ metadata: { name } }) => isOwn({ kind: 'Pod', name }))
  return own.toSorted((a, b) => birthOf(b).localeCompare(birthOf(a)))
}

const birthOf = ({ metadata }: Pod) => metadata.creationTimestamp ?? ''

/** Why a pod is not ready; nothing for one that is. */
export function describePod({ metadata, status }: Pod): string[] {
  const { initContainerStatuses = [], containerStatuses = [], conditions = [] } = status ?? {}
  const stopped = [...initContainerStatuses, ...containerStatuses].flatMap(describeContainer)
  const unmet = conditions.filter(each => each.status !== 'True' && each.message)
  const reasons = stopped.length > 0 ? stopped : unmet.map(each => each.message ?? '')
  if (reasons.length === 0 || status?.phase === 'Succeeded') return []
  return [`pod ${metadata.name} (${status?.phase ?? 'unknown'}): ${reasons.join('; ')}`]
}

function describeContainer({ name, state, lastState }: ContainerStatus): string[] {
  const { waiting, terminated } = state ?? {}
  const end = describeEnd(terminated ?? lastState?.terminated)
  if (waiting === undefined) return terminated && end ? [`${name} ${end}`] : []
  const words = [waiting.reason, waiting.message].filter(Boolean).join(': ')
  return [`${name} ${words}${end && ` (${end})`}`]
}

/** `ended with exit code 137, OOMKilled`. */
function describeEnd(ended: Terminated | undefined): string {
  if (ended === undefined || ended.exitCode === 0) return ''
  const reason = ended.reason && ended.reason !== 'Error' ? `, ${ended.reason}` : ''
  return `ended with exit code ${ended.exitCode}${reason}`
}

/** A name that is none, and an image that is not there and may not be fetched. */
const impossible = /^(InvalidImageName|ErrImageNeverPull)$/
/** What registries say where trying again is of no use, until somebody pushes the image or lets the cluster in. */
const absent =
  /not found|manifest unknown|does not exist|denied|unauthorized|authorization failed|no basic auth credentials|40[13] (Unauthorized|Forbidden)/i

/**
 * Why a pod's image will not come by itself; undefined where it may: a registry that is busy or cannot be reached, or
 * another obstacle.
 */
export function imageFault({ status }: Pod): string | undefined {
  const { initContainerStatuses = [], containerStatuses = [] } = status ?? {}
  for (const { name, state } of [...initContainerStatuses, ...containerStatuses]) {
    const { reason = '', message = '' } = state?.waiting ?? {}
    const isPull = reason === 'ErrImagePull' || reason === 'ImagePullBackOff'
    if (impossible.test(reason) || (isPull && absent.test(message)))
      return `container ${name}: ${reason}: ${message}`
  }
  return undefined
}
