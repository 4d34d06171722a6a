import { applyFields } from '../fields/apply-fields.ts'
import { readManagers } from '../fields/managed-fields.ts'
import { apiVersionOf, isCustom, type Kind } from '../kind.ts'
import { objectSchema } from '../merge-schema.ts'
import { type Fields, isFields, type KubeObject, timestamp } from '../objects.ts'
import { badRequest, conflict, notFound } from '../status-error.ts'
import type { Applied, ApplyOptions, Store } from '../store.ts'
import { prepareCreate } from './prepare-create.ts'
import { prepareUpdate } from './prepare-update.ts'
import { tracksOf } from './tracked-fields.ts'

/** The state after a server-side apply; the live object itself if nothing changes. */
export function prepareApply(
  kind: Kind,
  live: KubeObject | undefined,
  given: KubeObject,
  store: Store,
  options: ApplyOptions,
): Applied {
  if (given.metadata.managedFields) throw badRequest('metadata.managedFields must be nil')
  const { name, uid } = given.metadata
  if (!live && options.subresource) throw notFound(kind, name)
  if (!live && uid) {
    const cause = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`
    throw conflict(kind, name, cause)
  }
  const base = live ?? { apiVersion: given.apiVersion, kind: given.kind, metadata: { name } }
  const { object, managers } = applyFields(base, given, readManagers(live?.metadata.managedFields), {
    manager: options.manager,
    operation: 'Apply',
    apiVersion: apiVersionOf(kind),
    ...(options.subresource ? { subresource: options.subresource } : {}),
    force: options.force ?? false,
    time: timestamp(store.now()),
    schema: objectSchema(kind),
    tracks: tracksOf(kind, options.subresource),
  })
  const next = decoded(kind, object)
  if (live) {
    const how = { ...options, patched: true }
    return { object: prepareUpdate(kind, live, next, store, how, managers), created: false }
  }
  // What is not there has no version to be over.
  const { resourceVersion: _, ...metadata } = next.metadata
  const made = prepareCreate(kind, { ...next, metadata }, store, options, managers)
  return { object: made, created: true }
}

// Types of Go have no nulls, and neither has the metadata of a custom resource.
function decoded(kind: Kind, object: KubeObject): KubeObject {
  if (!isCustom(kind)) return withoutNulls(object) as KubeObject
  return { ...object, metadata: withoutNulls(object.metadata) as KubeObject['metadata'] }
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isFields(value)) return value
  const kept: Fields = {}
  for (const name in value) if (value[name] !== null) kept[name] = withoutNulls(value[name])
  return kept
}
