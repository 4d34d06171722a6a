import { dropUndeclared, refuseUndeclared } from '../declared-fields.ts'
import { isCustom } from '../kind.ts'
import { objectSchema } from '../merge-schema.ts'
import { isFields, type KubeObject, textAt } from '../objects.ts'
import { applyJsonPatch } from '../patch/json-patch.ts'
import { applyMergePatch } from '../patch/merge-patch.ts'
import { applyStrategicPatch } from '../patch/strategic-patch.ts'
import { refuseMistyped } from '../schema/refuse-mistyped.ts'
import { badRequest, forbiddenValue, invalid, requiredValue, resourceName } from '../status-error.ts'
import { isDryRun, isStrict, isTrue, managerOf, ok, type Reply, type ResourceCall } from './call.ts'
import { findObject, shapeOf } from './read.ts'
import { contentTypeOf, readBody, readObject, unknownFormat } from './read-body.ts'
import { presentObject } from './representation.ts'

type Patch = (live: KubeObject, patch: unknown) => unknown

const applyType = 'application/apply-patch+yaml'
const optionsKind = { group: 'meta.k8s.io', kind: 'PatchOptions', plural: 'patchoptions' }

/** Applies the body to the addressed object, in the way that its content type asks for. */
export async function patchObject(call: ResourceCall): Promise<Reply> {
  const { kind, store, query, target } = call
  const type = contentTypeOf(call.request)
  const body = await readBody(call.request)
  if (type === applyType) return applyObject(call, body)
  if (isTrue(query.get('force') ?? 'false')) {
    throw invalid(optionsKind, '', [forbiddenValue('force', 'may not be specified for non-apply patch')])
  }
  const live = findObject(call)
  const patched = choosePatch(call, type)(live, body)
  if (!isFields(patched)) throw badRequest('the patch leaves no object')
  const given = isFields(body) && isFields(body.metadata) ? body.metadata.resourceVersion : undefined
  const object = dropUndeclared(kind, readObject(call, patched), isStrict(call))
  // Without a version in the patch itself, a patch is never in conflict.
  object.metadata.resourceVersion = typeof given === 'string' ? given : undefined
  const options = {
    manager: managerOf(call),
    dryRun: isDryRun(call),
    subresource: target.subresource,
    patched: true,
  }
  return ok(presentObject(store.update(resourceName(kind), object, options), shapeOf(call)))
}

function choosePatch({ kind }: ResourceCall, type: string): Patch {
  const patches: Record<string, Patch> = {
    'application/json-patch+json': applyJsonPatch,
    'application/merge-patch+json': applyMergePatch,
    ...(isCustom(kind)
      ? {}
      : {
          'application/strategic-merge-patch+json': (live, patch) =>
            applyStrategicPatch(live, patch, objectSchema(kind)),
        }),
  }
  const patch = patches[type]
  if (!patch) throw unknownFormat([...Object.keys(patches), applyType])
  return patch
}

function applyObject(call: ResourceCall, body: unknown): Reply {
  const { kind, store, query, target } = call
  const manager = query.get('fieldManager')
  if (!manager) throw invalid(optionsKind, '', [requiredValue('fieldManager', 'is required for apply patch')])
  const given = readObject(call, body)
  refuseUndeclared(kind, given)
  refuseMistyped(kind, given, textAt(body, 'metadata', 'namespace'))
  const { object, created } = store.apply(resourceName(kind), given, {
    manager,
    force: isTrue(query.get('force') ?? 'false'),
    dryRun: isDryRun(call),
    subresource: target.subresource,
  })
  return { code: created ? 201 : 200, body: presentObject(object, shapeOf(call)) }
}
