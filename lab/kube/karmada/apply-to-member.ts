import { apiVersionOf, type Kind, type KubeObject, sameJson, textAt, valueAt } from '../api/index.ts'
import { type MemberClient, refusalOf } from './member-client.ts'
import { clusterOfSpace, managedLabel } from './names.ts'

const retainReplicas = 'resourcetemplate.karmada.io/retain-replicas'

/** The path of an object, or of all objects of its kind, in a member's API. */
export function memberPath(kind: Kind, namespace?: string, name?: string): string {
  const root = kind.group === '' ? `/api/${kind.version}` : `/apis/${apiVersionOf(kind)}`
  const within = kind.namespaced && namespace ? `/namespaces/${namespace}` : ''
  return `${root}${within}/${kind.plural}${name ? `/${encodeURIComponent(name)}` : ''}`
}

/**
 * Creates or updates an object in a member and returns it as it is there now. Throws Error when the member refuses,
 * or when an object is in the way that Karmada does not manage and may not take over.
 */
export async function applyToMember(
  client: MemberClient,
  kind: Kind,
  manifest: KubeObject,
  overwrite: boolean,
): Promise<KubeObject> {
  const { namespace, name } = manifest.metadata
  const path = memberPath(kind, namespace, name)
  const found = await client.request('GET', path)
  if (found.status === 404) {
    const created = await client.request('POST', memberPath(kind, namespace), manifest)
    if (created.status === 201) return created.body as KubeObject
    throw new Error(refusalOf(created))
  }
  if (found.status !== 200) throw new Error(refusalOf(found))
  const present = found.body as KubeObject
  if (present.metadata.labels?.[managedLabel] !== 'true' && !overwrite) {
    const resource = `resource(kind=${manifest.kind}, ${namespace ?? ''}/${name})`
    throw new Error(
      `${resource} already exists in the cluster ${clusterOfSpace(textAt(manifest, 'metadata', 'annotations', 'work.karmada.io/namespace'))} and the work.karmada.io/conflict-resolution strategy value is empty, Karmada will not manage this resource`,
    )
  }
  const wanted = retain(manifest, present)
  if (isSettled(wanted, present)) return present
  const updated = await client.request('PUT', path, wanted)
  if (updated.status !== 200) throw new Error(refusalOf(updated))
  return updated.body as KubeObject
}

/** Deletes an object that this Work put into a member, without waiting until it is gone; absent ones are fine. */
export async function deleteFromMember(
  client: MemberClient,
  kind: Kind,
  manifest: KubeObject,
): Promise<void> {
  const { namespace, name, annotations = {} } = manifest.metadata
  const path = memberPath(kind, namespace, name)
  const found = await client.request('GET', path)
  if (found.status === 404) return
  if (found.status !== 200) throw new Error(refusalOf(found))
  const held = textAt(found.body, 'metadata', 'annotations', 'work.karmada.io/name')
  if (held !== annotations['work.karmada.io/name']) return
  const answer = await client.request('DELETE', path, { propagationPolicy: 'Background' })
  if (answer.status !== 200 && answer.status !== 202 && answer.status !== 404)
    throw new Error(refusalOf(answer))
}

// What the member itself decides about an object stays as it is there.
function retain(manifest: KubeObject, present: KubeObject): KubeObject {
  const { resourceVersion, finalizers, annotations, labels } = present.metadata
  const wanted: KubeObject = {
    ...manifest,
    metadata: {
      ...manifest.metadata,
      ...(resourceVersion ? { resourceVersion } : {}),
      ...(finalizers ? { finalizers } : {}),
      labels: { ...labels, ...manifest.metadata.labels },
      annotations: { ...annotations, ...manifest.metadata.annotations },
    },
  }
  if (manifest.kind === 'Service') {
    const kept: Record<string, unknown> = {}
    for (const field of ['clusterIP', 'clusterIPs', 'healthCheckNodePort']) {
      const value = valueAt(present, 'spec', field)
      if (value !== undefined) kept[field] = value
    }
    wanted.spec = { ...(manifest.spec as object), ...kept }
  }
  // An autoscaler of the member decides, and Karmada heeds this of Deployments alone.
  if (manifest.kind === 'Deployment' && manifest.metadata.labels?.[retainReplicas] === 'true') {
    const replicas = valueAt(present, 'spec', 'replicas')
    wanted.spec = { ...(manifest.spec as object), ...(replicas === undefined ? {} : { replicas }) }
  }
  if (manifest.kind === 'ServiceAccount' && present.secrets) wanted.secrets = present.secrets
  return wanted
}

/** Whether an object has all that is wanted of it. Defaults that the member added are no difference. */
export function isSettled(wanted: unknown, present: unknown): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(present) &&
      wanted.length === present.length &&
      wanted.every((each, i) => isSettled(each, present[i]))
    )
  }
  if (typeof wanted !== 'object' || wanted === null) return sameJson(wanted, present)
  return Object.entries(wanted).every(
    ([key, value]) => value === undefined || isSettled(value, valueAt(present, key)),
  )
}
