import { copyJson, sameJson } from '@meridian/lab-world/json'
import { type Manager, readManagers, writeManagers } from '../fields/managed-fields.ts'
import { isCustom, type Kind } from '../kind.ts'
import { type KubeObject, type ManagedFieldsEntry, timestamp } from '../objects.ts'
import { conflict, modifiedMeanwhile, refuse, StatusError } from '../status-error.ts'
import type { Store, WriteOptions } from '../store.ts'
import { typedProblems } from '../types/check-typed.ts'
import { fillTyped } from '../types/fill-typed.ts'
import { amendedObject, checkCustom, heldObject } from './check-content.ts'
import { checkUpdatedMetadata } from './check-metadata.ts'
import { dropEditable, pickEditable } from './editable-metadata.ts'
import { inProcessManager } from './prepare-create.ts'
import { managersAfter, writerOf } from './tracked-fields.ts'

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
  { manager = inProcessManager, subresource, patched = false, amend }: WriteOptions,
  managers?: readonly Manager[],
): KubeObject {
  if (!patched) checkIdentity(kind, live, given)
  checkVersion(kind, live, given)
  const sent = heldObject(kind, withPart(kind, live, given, subresource))
  checkUpdatedMetadata(kind, live, { ...sent, metadata: { ...sent.metadata, uid: given.metadata.uid } })
  checkCustom(kind, sent, live)
  const whole = subresource === undefined || subresource === 'scale'
  if (whole) {
    fillTyped(kind, sent)
    kind.prepare?.(sent, live, store)
    // What is there has been looked at before.
    if (contentChanged(kind, live, sent)) refuse(kind, sent.metadata.name, typedProblems(kind, sent, live))
  }
  // Of a custom resource all that is written is owned, of other kinds what is kept of it.
  const written = isCustom(kind) ? heldObject(kind, given) : { ...sent, metadata: given.metadata }
  const writer = writerOf(kind, manager, subresource)
  // Whoever writes a scale has settled there who owns the replicas.
  const scaled = subresource === 'scale' ? readManagers(given.metadata.managedFields) : undefined
  const settled = managers ?? scaled ?? managersAfter(kind, live, written, writer, timestamp(store.now()))
  sent.metadata.managedFields = writeManagers(settled)
  const next = amend ? amendedObject(kind, amend(sent), live) : sent
  if (whole && kind.generation && contentChanged(kind, live, next))
    next.metadata.generation = (live.metadata.generation ?? 0) + 1
  return isSameState(live, next) ? live : next
}

// The uid of an update is a precondition; in a patch it is a field that cannot be changed.
function checkIdentity(kind: Kind, live: KubeObject, { metadata: { name, uid } }: KubeObject): void {
  if (!uid || uid === live.metadata.uid) return
  const key = ['/registry', kind.group, kind.plural, live.metadata.namespace, name].filter(Boolean).join('/')
  const met = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid}`
  const cause = `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${met}`
  throw conflict(kind, name, cause)
}

function checkVersion(kind: Kind, live: KubeObject, given: KubeObject): void {
  const { name, resourceVersion } = given.metadata
  if (!resourceVersion || resourceVersion === live.metadata.resourceVersion) return
  if (/^\d+$/.test(resourceVersion)) throw conflict(kind, name, modifiedMeanwhile)
  throw new StatusError(500, '', `strconv.ParseUint: parsing "${resourceVersion}": invalid syntax`)
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
  const { status: _, ...content } = live
  const { status } = given
  return {
    ...(copyJson(content) as KubeObject),
    ...(status === undefined ? {} : { status: copyJson(status) }),
  }
}

function withContentOf(kind: Kind, live: KubeObject, given: KubeObject): KubeObject {
  const { status, metadata, ...content } = copyJson(given)
  const kept = kind.status ? copyJson(live.status) : status
  return {
    ...content,
    apiVersion: live.apiVersion,
    kind: live.kind,
    metadata: { ...dropEditable(copyJson(live.metadata)), ...pickEditable(metadata) },
    ...(kept === undefined ? {} : { status: kept }),
  }
}

// Of a custom resource everything outside the metadata counts, a status without a subresource too.
function contentChanged(kind: Kind, live: KubeObject, next: KubeObject): boolean {
  const { metadata: _a, status: before, ...content } = live
  const { metadata: _b, status: after, ...nextContent } = next
  return !sameJson(content, nextContent) || (isCustom(kind) && !sameJson(before, after))
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
