import { writeAdmitted } from '../admission/admit.ts'
import { isCustom, type Kind, storeName } from '../kind.ts'
import type { KubeObject } from '../objects.ts'
import { invalid, invalidValue } from '../status-error.ts'
import { ok, type Reply, type ResourceCall } from './call.ts'
import { findObject, shapeOf } from './read.ts'
import { type Document, readDocument } from './read-body.ts'
import { readObject } from './read-object.ts'
import { presentObject } from './representation.ts'
import { writeOptionsOf } from './write-options.ts'

/** `given` stands for the body where somebody has read it before. */
export async function createObject(call: ResourceCall, given?: Document): Promise<Reply> {
  const { manager, dryRun } = writeOptionsOf(call)
  const object = readObject(call, given ?? (await readDocument(call.request)))
  call.kind.author?.(object, call.user)
  const created = await writeAdmitted(call, undefined, dryRun, how =>
    call.store.create(storeName(call.kind), object, { manager, ...how }),
  )
  return { code: 201, body: presentObject(created, shapeOf(call)) }
}

/** PUT: replaces an object, or its subresource, if the `resourceVersion` it names is the latest. */
export async function updateObject(call: ResourceCall): Promise<Reply> {
  const { kind, store, target } = call
  const { manager, dryRun } = writeOptionsOf(call)
  const object = readObject(call, await readDocument(call.request))
  const live = findObject(call)
  checkVersionGiven(kind, object)
  const options = { manager, subresource: target.subresource }
  const updated = await writeAdmitted(call, live, dryRun, how =>
    store.update(storeName(kind), object, { ...options, ...how }),
  )
  return ok(presentObject(updated, shapeOf(call)))
}

/** Most kinds of Kubernetes allow an update without a version, custom resources do not. */
export function checkVersionGiven(kind: Kind, { metadata: { name, resourceVersion } }: KubeObject): void {
  if (!isCustom(kind) || (resourceVersion && resourceVersion !== '0')) return
  throw invalid({ ...kind, kind: kind.plural }, name, [
    invalidValue('metadata.resourceVersion', 0, 'must be specified for an update'),
  ])
}
