import { copyJson, type Fields, isFields } from '@meridian/lab-world/json'
import { badRequest } from '../status-error.ts'

/** A merge patch of an object. Throws 400 for one that is not itself an object. */
export function applyObjectPatch(target: unknown, patch: unknown): unknown {
  if (isFields(patch)) return applyMergePatch(target, patch)
  const type = Array.isArray(patch) ? 'array' : typeof patch
  throw badRequest(
    `error decoding patch: json: cannot unmarshal ${type} into Go value of type map[string]interface {}`,
  )
}

/** RFC 7396: fields replace fields, null removes, everything but maps is replaced whole. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return copyJson(patch)
  const merged: Fields = isFields(target) ? copyJson(target) : {}
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name]
    else merged[name] = applyMergePatch(merged[name], value)
  }
  return merged
}
