import { randomUUID } from 'node:crypto'
import { copyJson } from '@meridian/lab-world/json'
import { type Manager, writeManagers } from '../fields/managed-fields.ts'
import { apiVersionOf, isCustom, type Kind } from '../kind.ts'
import { type KubeObject, timestamp } from '../objects.ts'
import { forbidden, refuse, StatusError } from '../status-error.ts'
import type { Store, WriteOptions } from '../store.ts'
import { typedProblems } from '../types/check-typed.ts'
import { fillTyped } from '../types/fill-typed.ts'
import { amendedObject, checkCustom, heldObject } from './check-content.ts'
import { checkNames, checkNamespace, generateName } from './check-names.ts'
import { dropEditable, pickEditable } from './editable-metadata.ts'
import { managersOfNew, writerOf } from './tracked-fields.ts'

export const inProcessManager = 'kube-controller-manager'

/**
 * The object as it will be stored, but for its resourceVersion: named, checked, defaulted. The status is dropped
 * where it has its own subresource, as on a real server. `managers` are given by an apply, else the writer owns all.
 */
export function prepareCreate(
  kind: Kind,
  given: KubeObject,
  store: Store,
  { manager = inProcessManager, amend }: WriteOptions,
  managers?: readonly Manager[],
): KubeObject {
  if (given.metadata.resourceVersion)
    throw new StatusError(500, '', 'resourceVersion should not be set on objects to be created')
  const { metadata, ...content } = copyJson(given)
  // Kinds of Kubernetes itself always have a status, if only an empty one.
  if (kind.status) delete content.status
  if (kind.status && !isCustom(kind)) content.status = {}
  const { deletionTimestamp: _d, deletionGracePeriodSeconds: _g, managedFields: _m, ...kept } = metadata
  const name = metadata.name || (metadata.generateName ? generateName(metadata.generateName) : '')
  const time = timestamp(store.now())
  const object = heldObject(kind, {
    ...content,
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: {
      ...dropEditable(kept),
      ...pickEditable(metadata),
      name,
      ...(kind.namespaced ? { namespace: metadata.namespace || 'default' } : {}),
      uid: randomUUID(),
      creationTimestamp: time,
      ...(kind.generation ? { generation: 1 } : {}),
    },
  })
  fillTyped(kind, object)
  if (kind.terminating)
    throw forbidden(kind, name, 'create not allowed while custom resource definition is terminating')
  checkNames(kind, object)
  checkNamespace(kind, object, store)
  checkCustom(kind, object, undefined)
  kind.prepare?.(object, undefined, store)
  refuse(kind, name, typedProblems(kind, object, undefined))
  // Whoever makes an object owns what it is given besides, but for the types of Go: there that is not written.
  const owned = isCustom(kind) ? heldObject(kind, given) : given
  const written = { ...owned, metadata: { name, ...pickEditable(given.metadata) } }
  const settled = managers ?? managersOfNew(kind, written, writerOf(kind, manager, undefined), time)
  object.metadata.managedFields = writeManagers(settled)
  return amend ? amendedObject(kind, amend(object), undefined) : object
}
