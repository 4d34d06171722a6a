import { fieldsAt, listAt, textAt, valueAt } from '@meridian/lab-world/json'
import type { PodSpec } from './pod-template.ts'

/** Why a kubelet cannot start a pod's containers: the waiting reason, and the event that says so. */
export type Obstacle = { waiting: string; message: string; event: string; eventMessage: string }

/** Tells whether the pod's namespace has an object. */
export type Exists = (kind: 'ConfigMap' | 'Secret', name: string) => boolean

const host = '[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::\\d+)?'
const part = '[a-z0-9]+(?:[._-]+[a-z0-9]+)*'
const tag = ':\\w[\\w.-]{0,127}'
const reference = new RegExp(`^(?:${host}/)?${part}(?:/${part})*(?:${tag})?(?:@sha256:[0-9a-f]{64})?$`)

/** The first thing in the way of a pod: a volume's source, an image name, a variable's source. */
export function findObstacle(spec: PodSpec, exists: Exists): Obstacle | undefined {
  return missingVolume(spec, exists) ?? badImage(spec) ?? missingVariable(spec, exists)
}

/** A pull that the registry refused; kubelets say so twice, first at once, then when they wait before trying again. */
export function failedPull(image: string, again: boolean): Obstacle {
  const message = `failed to pull and unpack image "${image}": 429 Too Many Requests`
  return {
    waiting: again ? 'ImagePullBackOff' : 'ErrImagePull',
    message: again ? `Back-off pulling image "${image}": ErrImagePull: ${message}` : message,
    event: 'Failed',
    eventMessage: `Failed to pull image "${image}": ${message}`,
  }
}

function missingVolume(spec: PodSpec, exists: Exists): Obstacle | undefined {
  for (const volume of spec.volumes ?? []) {
    const missing =
      absent('ConfigMap', valueAt(volume, 'configMap'), 'name', exists) ??
      absent('Secret', valueAt(volume, 'secret'), 'secretName', exists)
    if (!missing) continue
    const eventMessage = `MountVolume.SetUp failed for volume "${volume.name}" : ${missing}`
    return { waiting: 'ContainerCreating', message: '', event: 'FailedMount', eventMessage }
  }
  return undefined
}

function badImage(spec: PodSpec): Obstacle | undefined {
  const bad = (spec.containers ?? []).find(({ image = '' }) => !reference.test(image))
  if (!bad) return undefined
  const message = `Failed to apply default image tag "${bad.image}": couldn't parse image name "${bad.image}": invalid reference format`
  return { waiting: 'InvalidImageName', message, event: 'InspectFailed', eventMessage: message }
}

function missingVariable(spec: PodSpec, exists: Exists): Obstacle | undefined {
  const sources = (spec.containers ?? []).flatMap(container => [
    ...listAt(container, 'envFrom'),
    ...listAt(container, 'env').map(each => fieldsAt(each, 'valueFrom')),
  ])
  for (const source of sources) {
    const missing =
      absent(
        'ConfigMap',
        valueAt(source, 'configMapRef') ?? valueAt(source, 'configMapKeyRef'),
        'name',
        exists,
      ) ?? absent('Secret', valueAt(source, 'secretRef') ?? valueAt(source, 'secretKeyRef'), 'name', exists)
    if (!missing) continue
    return {
      waiting: 'CreateContainerConfigError',
      message: missing,
      event: 'Failed',
      eventMessage: `Error: ${missing}`,
    }
  }
  return undefined
}

function absent(
  kind: 'ConfigMap' | 'Secret',
  source: unknown,
  field: string,
  exists: Exists,
): string | undefined {
  const name = textAt(source, field)
  if (!name || valueAt(source, 'optional') === true || exists(kind, name)) return undefined
  return `${kind.toLowerCase()} "${name}" not found`
}
