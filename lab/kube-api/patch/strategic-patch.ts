import { copyJson, type Fields, isFields } from '@meridian/lab-world/json'
import { fieldSchema, itemSchema } from '../merge-schema.ts'
import type { MergeSchema } from '../schema/merge-types.ts'
import { badRequest } from '../status-error.ts'

const deleteFromList = '$deleteFromPrimitiveList/'
const orderOfList = '$setElementOrder/'

/**
 * Strategic merge patch: like a merge patch, but lists with a merge key are merged item by item.
 * Understands the directives `$patch`, `$retainKeys`, `$deleteFromPrimitiveList` and `$setElementOrder`.
 */
export function applyStrategicPatch(target: unknown, patch: unknown, schema: MergeSchema): unknown {
  if (!isFields(patch)) return copyJson(patch)
  if (patch.$patch === 'replace') return stripDirectives(patch)
  if (patch.$patch === 'delete') return {}
  const kept = retainKeys(isFields(target) ? target : {}, patch.$retainKeys)
  const merged: Fields = copyJson(kept)
  for (const [name, value] of Object.entries(patch)) {
    if (name.startsWith('$')) continue
    if (value === null) delete merged[name]
    else merged[name] = mergeValue(merged[name], value, fieldSchema(schema, name))
  }
  return orderLists(deleteFromLists(merged, patch), patch, schema)
}

function mergeValue(target: unknown, patch: unknown, schema: MergeSchema): unknown {
  if (isFields(patch)) return applyStrategicPatch(target, patch, schema)
  if (!Array.isArray(patch)) return patch
  const list = Array.isArray(target) ? target : []
  if (schema.set) return [...list, ...patch.filter(item => !list.includes(item))]
  const key = mergeKey(schema)
  return key === undefined ? stripDirectives(patch) : mergeItems(list, patch, key, itemSchema(schema))
}

function mergeKey(schema: MergeSchema): string | undefined {
  return schema.patchKey ?? (schema.atomic ? undefined : schema.keys?.[0])
}

function mergeItems(
  list: readonly unknown[],
  patch: readonly unknown[],
  key: string,
  schema: MergeSchema,
): unknown[] {
  const replaces = patch.some(item => isFields(item) && item.$patch === 'replace' && !(key in item))
  let merged: unknown[] = replaces ? [] : [...list]
  for (const item of patch) {
    if (!isFields(item) || (item.$patch === 'replace' && !(key in item))) continue
    const id = item[key]
    if (id === undefined)
      throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`)
    const found = merged.findIndex(other => isFields(other) && other[key] === id)
    if (item.$patch === 'delete') merged = merged.filter((_, index) => index !== found)
    else if (found < 0) merged.push(applyStrategicPatch({}, item, schema))
    else merged[found] = applyStrategicPatch(merged[found], item, schema)
  }
  return merged
}

function retainKeys(target: Fields, keys: unknown): Fields {
  if (!Array.isArray(keys)) return target
  return Object.fromEntries(Object.entries(target).filter(([name]) => keys.includes(name)))
}

function deleteFromLists(merged: Fields, patch: Fields): Fields {
  for (const [directive, values] of Object.entries(patch)) {
    if (!directive.startsWith(deleteFromList) || !Array.isArray(values)) continue
    const name = directive.slice(deleteFromList.length)
    const list = merged[name]
    if (Array.isArray(list)) merged[name] = list.filter(item => !values.includes(item))
  }
  return merged
}

function orderLists(merged: Fields, patch: Fields, schema: MergeSchema): Fields {
  for (const [directive, order] of Object.entries(patch)) {
    if (!directive.startsWith(orderOfList) || !Array.isArray(order)) continue
    const name = directive.slice(orderOfList.length)
    const list = merged[name]
    const key = mergeKey(fieldSchema(schema, name))
    if (Array.isArray(list)) merged[name] = orderItems(list, order, key)
  }
  return merged
}

// Items that the order does not name stay behind those it names.
function orderItems(list: readonly unknown[], order: readonly unknown[], key: string | undefined): unknown[] {
  const idOf = (item: unknown) => (key !== undefined && isFields(item) ? item[key] : item)
  const ids = order.map(idOf)
  const rank = (item: unknown) => {
    const at = ids.indexOf(idOf(item))
    return at < 0 ? ids.length : at
  }
  return list.toSorted((a, b) => rank(a) - rank(b))
}

function stripDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stripDirectives)
  if (!isFields(value)) return value
  const content = Object.entries(value).filter(([name, child]) => !name.startsWith('$') && child !== null)
  return Object.fromEntries(content.map(([name, child]) => [name, stripDirectives(child)]))
}
