import { dropUndeclared } from '../declared-fields.ts'
import { isCustom, type Kind } from '../kind.ts'
import { isFields, type KubeObject, listAt, textAt } from '../objects.ts'
import { forbidden, invalid, invalidValue, notFound, resourceName, type StatusBody } from '../status-error.ts'
import type { Propagation } from '../store/remove-object.ts'
import type { RemoveOptions } from '../store.ts'
import { isDryRun, isStrict, ok, type Reply, type ResourceCall, refuseOption } from './call.ts'
import { findObject, selectObjects, shapeOf } from './read.ts'
import { readBody } from './read-body.ts'
import { readObject } from './read-object.ts'
import { presentList, presentObject } from './representation.ts'
import { writeOptionsOf } from './write-options.ts'

export async function createObject(call: ResourceCall): Promise<Reply> {
  const { manager, dryRun } = writeOptionsOf(call)
  const object = dropUndeclared(call.kind, readObject(call, await readBody(call.request)), isStrict(call))
  call.kind.author?.(object, call.user)
  const created = call.store.create(resourceName(call.kind), object, { manager, dryRun })
  return { code: 201, body: presentObject(created, shapeOf(call)) }
}

export async function updateObject(call: ResourceCall): Promise<Reply> {
  const { kind, store, target } = call
  const { manager, dryRun } = writeOptionsOf(call)
  const object = dropUndeclared(call.kind, readObject(call, await readBody(call.request)), isStrict(call))
  findObject(call)
  checkVersionGiven(kind, object)
  const options = { manager, dryRun, subresource: target.subresource }
  return ok(presentObject(store.update(resourceName(kind), object, options), shapeOf(call)))
}

/** Most kinds of Kubernetes allow an update without a version, custom resources do not. */
export function checkVersionGiven(kind: Kind, { metadata: { name, resourceVersion } }: KubeObject): void {
  if (!isCustom(kind) || (resourceVersion && resourceVersion !== '0')) return
  throw invalid({ ...kind, kind: kind.plural }, name, [
    invalidValue('metadata.resourceVersion', 0, 'must be specified for an update'),
  ])
}

const propagations: readonly string[] = ['Background', 'Foreground', 'Orphan'] satisfies Propagation[]

function isPropagation(value: string): value is Propagation {
  return propagations.includes(value)
}

async function removeOptionsOf(call: ResourceCall): Promise<RemoveOptions> {
  const body = await readBody(call.request)
  const given = textAt(body, 'propagationPolicy') || call.query.get('propagationPolicy') || ''
  if (given && !isPropagation(given)) {
    throw refuseOption(call, 'propagationPolicy', given, ['Foreground', 'Background', 'Orphan', 'nil'])
  }
  const precondition = isFields(body) && isFields(body.preconditions) ? body.preconditions : {}
  return {
    ...(isPropagation(given) ? { propagation: given } : {}),
    precondition: {
      uid: textAt(precondition, 'uid'),
      resourceVersion: textAt(precondition, 'resourceVersion'),
    },
    dryRun: isDryRun(call) || listAt(body, 'dryRun').includes('All'),
  }
}

const lasting = new Set(['default', 'kube-system', 'kube-public'])

/** Answers with the object while finalizers hold it, else with a Status that it is gone. */
export async function deleteObject(call: ResourceCall): Promise<Reply> {
  const { kind, store, target } = call
  const options = await removeOptionsOf(call)
  const live = findObject(call)
  if (kind.plural === 'namespaces' && lasting.has(live.metadata.name)) {
    throw forbidden(kind, live.metadata.name, 'this namespace may not be deleted')
  }
  const left = store.remove(resourceName(kind), target.namespace, live.metadata.name, options)
  if (!left) throw notFound(kind, live.metadata.name)
  return ok(left.metadata.deletionTimestamp ? presentObject(left, shapeOf(call)) : removed(call, live))
}

function removed({ kind }: ResourceCall, { metadata }: KubeObject): StatusBody {
  const { group, plural } = kind
  const details = { name: metadata.name, ...(group ? { group } : {}), kind: plural, uid: metadata.uid ?? '' }
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details, code: 200 }
}

export async function deleteObjects(call: ResourceCall): Promise<Reply> {
  const { kind, store } = call
  const options = await removeOptionsOf(call)
  const objects = selectObjects(call)
  for (const { metadata } of objects)
    store.remove(resourceName(kind), metadata.namespace, metadata.name, options)
  return ok(presentList(objects, { resourceVersion: store.revision() }, shapeOf(call)))
}
