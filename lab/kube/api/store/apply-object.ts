import { applyFields } from '../fields/apply-fields.ts'
import { readManagers } from '../fields/managed-fields.ts'
import { withoutNulls } from '../fields/merge-applied.ts'
import { apiVersionOf, type Kind } from '../kind.ts'
import { objectSchema } from '../merge-schema.ts'
import { type KubeObject, timestamp } from '../objects.ts'
import { badRequest, conflict, notFound } from '../status-error.ts'
import type { Applied, ApplyOptions, Store } from '../store.ts'
import { prepareCreate } from './prepare-create.ts'
import { prepareUpdate } from './prepare-update.ts'

/** The state after a server-side apply; the live object itself if nothing changes. */
export function prepareApply(
  kind: Kind,
  live: KubeObject | undefined,
  given: KubeObject,
  store: Store,
  options: ApplyOptions,
): Applied {
  if (given.metadata.managedFields?.length) throw badRequest('metadata.managedFields must be nil')
  if (!live && options.subresource) throw notFound(kind, given.metadata.name)
  const { name, uid } = given.metadata
  if (!live && uid) {
    const cause = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`
    throw conflict(kind, name, cause)
  }
  const applied = ownPart(kind, given, options.subresource)
  const { apiVersion, kind: kindName, metadata } = applied
  const base = live ?? { apiVersion, kind: kindName, metadata: { name: metadata.name } }
  const { object, managers } = applyFields(base, applied, readManagers(live?.metadata.managedFields), {
    manager: options.manager,
    operation: 'Apply',
    apiVersion: apiVersionOf(kind),
    ...(options.subresource ? { subresource: options.subresource } : {}),
    force: options.force ?? false,
    time: timestamp(store.now()),
    schema: objectSchema(kind),
  })
  if (!live) return { object: prepareCreate(kind, object, store, options, managers), created: true }
  const next = withVersionOf(object, given)
  const how = { ...options, patched: true }
  return { object: prepareUpdate(kind, live, next, store, how, managers), created: false }
}

// An applier of the object does not own the status, an applier of the status owns nothing else.
function ownPart(kind: Kind, given: KubeObject, subresource: string | undefined): KubeObject {
  const { apiVersion, kind: kindName, metadata, status, ...content } = withoutNulls(given) as KubeObject
  const { name, namespace, labels, annotations, finalizers, ownerReferences } = metadata
  const identity = { name, ...(namespace ? { namespace } : {}) }
  if (subresource === 'status') return { apiVersion, kind: kindName, metadata: identity, status }
  const editable = Object.entries({ labels, annotations, finalizers, ownerReferences }).filter(
    ([, value]) => value,
  )
  return {
    apiVersion,
    kind: kindName,
    metadata: { ...identity, ...Object.fromEntries(editable) },
    ...content,
    ...(kind.status || status === undefined ? {} : { status }),
  }
}

// An apply may insist on the version or identity it was made from.
function withVersionOf(object: KubeObject, given: KubeObject): KubeObject {
  const { uid, resourceVersion } = given.metadata
  return { ...object, metadata: { ...object.metadata, uid, resourceVersion } }
}
