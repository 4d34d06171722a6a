import { copyJson, type Fields, isFields } from '../objects.ts'

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
