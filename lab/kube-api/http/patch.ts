import { textAt } from '@meridian/lab-world/json'
import { writeAdmitted } from '../admission/admit.ts'
import { isCustom, storeName } from '../kind.ts'
import { objectSchema } from '../merge-schema.ts'
import type { KubeObject } from '../objects.ts'
import { applyJsonPatch, unknownKeys } from '../patch/json-patch.ts'
import { applyObjectPatch } from '../patch/merge-patch.ts'
import { applyStrategicPatch } from '../patch/strategic-patch.ts'
import { goText } from '../schema/go-values.ts'
import { refuseMistyped } from '../schema/refuse-mistyped.ts'
import { badRequest, StatusError } from '../status-error.ts'
import { ok, type Reply, type ResourceCall } from './call.ts'
import { settle } from './field-validation.ts'
import { findObject, shapeOf } from './read.ts'
import { contentTypeOf, type Document, readDocument, unknownFormat } from './read-body.ts'
import { readApplied, readPatched } from './read-object.ts'
import { presentObject } from './representation.ts'
import { checkVersionGiven } from './write.ts'
import { type WriteOptions, writeOptionsOf } from './write-options.ts'

type Patch = (live: unknown, patch: unknown) => unknown

export const applyType = 'application/apply-patch+yaml'
const mostTries = 5
const strategicType = 'application/strategic-merge-patch+json'

/** Applies the body to the addressed object, in the way that its content type asks for. */
export async function patchObject(call: ResourceCall): Promise<Reply> {
  const type = contentTypeOf(call.request)
  if (type === applyType) return applyObject(call)
  const patch = choosePatch(call, type)
  const options = writeOptionsOf(call)
  const document = await readDocument(call.request)
  for (let tries = 1; ; tries += 1) {
    try {
      return await mergePatch(call, patch, document, options)
    } catch (error) {
      // Somebody else has written while webhooks were asked: what is there now is patched.
      const conflicts = error instanceof StatusError && error.body.reason === 'Conflict'
      if (!conflicts || tries === mostTries) throw error
    }
  }
}

async function mergePatch(
  call: ResourceCall,
  patch: Patch,
  { body, repeated }: Document,
  { manager, dryRun }: WriteOptions,
): Promise<Reply> {
  const { kind, store, target } = call
  const type = contentTypeOf(call.request)
  const careless = Array.isArray(body)
    ? [...repeated, ...unknownKeys(body)].map(each => `json patch ${each}`)
    : repeated
  const shown = type === strategicType ? goText(body) : ''
  const live = findObject(call)
  const object = readPatched(call, patch(live, body), { careless, shown })
  checkVersionGiven(kind, object)
  const options = { manager, subresource: target.subresource, patched: true }
  const patched = await writeAdmitted(call, live, dryRun, how =>
    store.update(storeName(kind), object, { ...options, ...how }),
  )
  return ok(presentObject(patched, shapeOf(call)))
}

/** The patch of a content type. Throws 415 for one that the kind does not take. */
export function choosePatch({ kind }: ResourceCall, type: string): Patch {
  const patches: Record<string, Patch> = {
    'application/json-patch+json': applyJsonPatch,
    'application/merge-patch+json': applyObjectPatch,
    ...(isCustom(kind)
      ? {}
      : {
          [strategicType]: (live, patch) => applyStrategicPatch(live, patch, objectSchema(kind)),
        }),
  }
  const patch = patches[type]
  if (!patch) throw unknownFormat([...Object.keys(patches), applyType])
  return patch
}

async function applyObject(call: ResourceCall): Promise<Reply> {
  const { kind, store, target } = call
  const options = writeOptionsOf(call, { applies: true })
  const { body, repeated } = await readDocument(call.request)
  const given: KubeObject = readApplied(call, body)
  refuseMistyped(kind, given, textAt(body, 'metadata', 'namespace'))
  const { namespace, name = '', subresource } = target
  const live = store.get(storeName(kind), namespace, name)
  let created = false
  const object = await writeAdmitted(call, live, options.dryRun, how => {
    const applied = store.apply(storeName(kind), given, { ...options, ...how, subresource })
    created = applied.created
    return applied.object
  })
  settle(call, repeated, all =>
    badRequest(`error strict decoding YAML: error converting YAML to JSON: ${all}`),
  )
  return { code: created ? 201 : 200, body: presentObject(object, shapeOf(call)) }
}
