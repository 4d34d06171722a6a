import { type Fields, isFields } from '@meridian/lab-world/json'
import { applyFields } from '../fields/apply-fields.ts'
import { type Manager, readManagers } from '../fields/managed-fields.ts'
import { apiVersionOf, isCustom, type Kind } from '../kind.ts'
import { objectSchema } from '../merge-schema.ts'
import { type KubeObject, timestamp } from '../objects.ts'
import { pruneObject } from '../schema/prune-fields.ts'
import { badRequest, conflict, notFound, StatusError } from '../status-error.ts'
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
  const present = readManagers(live?.metadata.managedFields)
  const base = live ?? { apiVersion: given.apiVersion, kind: given.kind, metadata: { name } }
  const { object, managers } = applyFields(base, given, present, {
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
  checkOtherVersions(kind, present, { before: base, after: next, manager: options.manager })
  if (live) {
    const how = { ...options, patched: true }
    return { object: prepareUpdate(kind, live, next, store, how, managers), created: false }
  }
  // What is not there has no version to be over.
  const { resourceVersion: _, ...metadata } = next.metadata
  const made = prepareCreate(kind, { ...next, metadata }, store, options, managers)
  return { object: made, created: true }
}

/**
 * Kubernetes looks at what is there, and at what becomes of it, in the versions that managers have written. Throws 500
 * where one of these lacks a field.
 */
function checkOtherVersions(
  kind: Kind,
  managers: readonly Manager[],
  { before, after, manager }: { before: KubeObject; after: KubeObject; manager: string },
): void {
  const { stored = kind } = kind
  const own = managers.find(each => each.manager === manager && each.operation === 'Apply')
  const pruning = 'failed to prune fields: failed to convert merged object to last applied version: '
  const others = [stored, ...(stored.versions ?? [])].filter(other => other !== kind)
  const written = others.filter(other => managers.some(each => each.apiVersion === apiVersionOf(other)))
  for (const other of written) checkFields(other, before, '')
  for (const other of written)
    checkFields(
      other,
      after,
      own?.apiVersion === apiVersionOf(other) ? pruning : 'failed to convert new object: ',
    )
}

function checkFields({ schema = {} }: Kind, object: KubeObject, start: string): void {
  const problems = pruneObject(object, schema).unknown.map(path => `.${path}: field not declared in schema`)
  const text = problems.length > 1 ? ['errors:', ...problems.map(each => `  ${each}`)] : problems
  if (problems.length > 0) throw new StatusError(500, '', start + text.join('\n'))
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
