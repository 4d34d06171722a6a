import {
  compareObjects,
  type Manager,
  readManagers,
  trackUpdate,
  writeManagers,
} from '../fields/managed-fields.ts'
import { apiVersionOf, type Kind } from '../kind.ts'
import { objectSchema } from '../merge-schema.ts'
import { copyJson, type KubeObject, type ManagedFieldsEntry, sameJson, timestamp } from '../objects.ts'
import { conflict, forbiddenValue, invalid, invalidValue, modifiedMeanwhile } from '../status-error.ts'
import type { Store, WriteOptions } from '../store.ts'
import { pickEditable } from './editable-metadata.ts'
import { inProcessManager } from './prepare-create.ts'

/**
 * The next state of an object, or the live one itself if nothing changes. Keeps what a writer cannot change
 * (identity, and the status or everything but the status), defaults, checks, counts the generation and settles
 * field ownership; `managers` are given by an apply.
 */
export function prepareUpdate(
  kind: Kind,
  live: KubeObject,
  given: KubeObject,
  store: Store,
  { manager = inProcessManager, subresource, patched = false }: WriteOptions,
  managers?: readonly Manager[],
): KubeObject {
  if (!patched) checkIdentity(kind, live, given)
  checkVersion(kind, live, given)
  const next = withPart(kind, live, given, subresource)
  if (subresource === undefined) {
    checkFinalizers(kind, live, next)
    kind.prepare?.(next, live, store)
    if (kind.generation && contentChanged(live, next))
      next.metadata.generation = (live.metadata.generation ?? 0) + 1
  }
  const time = timestamp(store.now())
  const schema = objectSchema(kind)
  const writer = {
    manager,
    operation: 'Update' as const,
    apiVersion: apiVersionOf(kind),
    ...(subresource ? { subresource } : {}),
  }
  const settled =
    managers ??
    trackUpdate(readManagers(live.metadata.managedFields), compareObjects(live, next, schema), writer, time)
  next.metadata.managedFields = writeManagers(settled)
  return isSameState(live, next) ? live : next
}

// The uid of an update is a precondition; in a patch it is a field that cannot be changed.
function checkIdentity(kind: Kind, live: KubeObject, { metadata: { name, uid } }: KubeObject): void {
  if (!uid || uid === live.metadata.uid) return
  const cause = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid}`
  throw conflict(kind, name, cause)
}

function checkVersion(kind: Kind, live: KubeObject, given: KubeObject): void {
  const { name, uid, resourceVersion } = given.metadata
  if (resourceVersion && resourceVersion !== live.metadata.resourceVersion) {
    throw conflict(kind, name, modifiedMeanwhile)
  }
  if (!uid || uid === live.metadata.uid) return
  throw invalid(kind, name, [invalidValue('metadata.uid', uid, 'field is immutable')])
}

function withPart(
  kind: Kind,
  live: KubeObject,
  given: KubeObject,
  subresource: string | undefined,
): KubeObject {
  if (subresource === 'status' || subresource === 'approval') return withStatusOf(live, given)
  // `finalize` lets go of a namespace and changes nothing else.
  if (subresource === 'finalize') return { ...copyJson(live), spec: copyJson(given.spec) }
  return withContentOf(kind, live, given)
}

function withStatusOf(live: KubeObject, given: KubeObject): KubeObject {
  const { status } = copyJson(given)
  const { status: _, ...content } = copyJson(live)
  return { ...(content as KubeObject), ...(status === undefined ? {} : { status }) }
}

function withContentOf(kind: Kind, live: KubeObject, given: KubeObject): KubeObject {
  const { status, metadata, ...content } = copyJson(given)
  const { metadata: fixed, status: liveStatus } = copyJson(live)
  const kept = kind.status ? liveStatus : status
  return {
    ...content,
    apiVersion: live.apiVersion,
    kind: live.kind,
    metadata: { ...fixed, ...pickEditable(metadata) },
    ...(kept === undefined ? {} : { status: kept }),
  }
}

function checkFinalizers(kind: Kind, live: KubeObject, next: KubeObject): void {
  if (!live.metadata.deletionTimestamp) return
  const added = (next.metadata.finalizers ?? []).filter(name => !live.metadata.finalizers?.includes(name))
  if (added.length === 0) return
  const found = added.map(name => JSON.stringify(name)).join(', ')
  const rule = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${found}}`
  throw invalid(kind, next.metadata.name, [forbiddenValue('metadata.finalizers', rule)])
}

function contentChanged(live: KubeObject, next: KubeObject): boolean {
  const { metadata: _a, status: _b, ...before } = live
  const { metadata: _c, status: _d, ...after } = next
  return !sameJson(before, after)
}

// A write that changes nothing but the time of its manager is no write: controllers would chase each other.
function isSameState(live: KubeObject, next: KubeObject): boolean {
  return sameJson(withoutTimes(live), withoutTimes(next))
}

function withoutTimes(object: KubeObject): KubeObject {
  const entries = object.metadata.managedFields ?? []
  const timeless = entries.map(({ time: _, ...entry }) => entry as ManagedFieldsEntry)
  return { ...object, metadata: { ...object.metadata, managedFields: timeless } }
}
