import { apiVersionOf, type Kind, type KubeObject } from '@meridian/lab-kube-api'
import { sameJson, textAt, valueAt } from '@meridian/lab-world/json'
import { type MemberClient, refusalOf } from './member-client.ts'
import { clusterOfSpace, managedLabel } from './names.ts'
import { retainFields } from './retain-fields.ts'
import { memberAnnotations, memberLabels, workNamespaceAnnotation } from './works.ts'

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
      `${resource} already exists in the cluster ${clusterOfSpace(textAt(manifest, 'metadata', 'annotations', workNamespaceAnnotation))} and the work.karmada.io/conflict-resolution strategy value is empty, Karmada will not manage this resource`,
    )
  }
  const wanted = retainFields(manifest, present)
  if (isSettled(wanted, present)) return present
  const updated = await client.request('PUT', path, wanted)
  if (updated.status !== 200) throw new Error(refusalOf(updated))
  return updated.body as KubeObject
}

/** Takes all that Karmada has put on an object in a member off it, so that it stays there as anybody's own. */
export async function releaseInMember(client: MemberClient, kind: Kind, manifest: KubeObject): Promise<void> {
  const { namespace, name, labels = {}, annotations = {} } = manifest.metadata
  const claim = `${namespace ? '' : 'cluster'}propagationpolicy.karmada.io`
  const own = (keys: readonly string[]) => (key: string) =>
    !keys.includes(key) && !key.startsWith(`${claim}/`)
  const without = (texts: Record<string, string>, keys: readonly string[]) =>
    Object.fromEntries(Object.entries(texts).filter(([key]) => own(keys)(key)))
  const metadata = {
    ...manifest.metadata,
    labels: without(labels, memberLabels),
    annotations: without(annotations, memberAnnotations),
  }
  const path = memberPath(kind, namespace, name)
  const found = await client.request('GET', path)
  if (found.status !== 200) throw new Error(refusalOf(found))
  const wanted = retainFields({ ...manifest, metadata }, found.body as KubeObject)
  const updated = await client.request('PUT', path, wanted)
  if (updated.status !== 200) throw new Error(refusalOf(updated))
}

/** Deletes an object of a member that Karmada manages, without waiting until it is gone; absent ones are fine. */
export async function deleteFromMember(
  client: MemberClient,
  kind: Kind,
  manifest: KubeObject,
): Promise<void> {
  const { namespace, name } = manifest.metadata
  const path = memberPath(kind, namespace, name)
  const found = await client.request('GET', path)
  if (found.status === 404) return
  if (found.status !== 200) throw new Error(refusalOf(found))
  if (textAt(found.body, 'metadata', 'labels', managedLabel) !== 'true') return
  const answer = await client.request('DELETE', path, { propagationPolicy: 'Background' })
  if (answer.status !== 200 && answer.status !== 202 && answer.status !== 404)
    throw new Error(refusalOf(answer))
}

/** Whether a member's object is as it is wanted. Defaults that the member added are no difference. */
export function isSettled(wanted: KubeObject, present: KubeObject): boolean {
  const { labels, annotations } = wanted.metadata
  const kept = (texts: object | undefined, there: object | undefined) =>
    Object.keys(there ?? {}).every(key => key in (texts ?? {}))
  return (
    kept(labels, present.metadata.labels) &&
    kept(annotations, present.metadata.annotations) &&
    hasAll(wanted, present)
  )
}

function hasAll(wanted: unknown, present: unknown): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(present) &&
      wanted.length === present.length &&
      wanted.every((each, i) => hasAll(each, present[i]))
    )
  }
  if (typeof wanted !== 'object' || wanted === null) return sameJson(wanted, present)
  return Object.entries(wanted).every(
    ([key, value]) => value === undefined || hasAll(value, valueAt(present, key)),
  )
}
