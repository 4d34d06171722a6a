import { type Fields, isFields } from '@meridian/lab-world/json'
import { fieldSchema, isMergedList, itemSchema } from '../merge-schema.ts'
import type { MergeSchema } from '../schema/merge-types.ts'
import { type FieldPath, type FieldSet, listStep, pathKey } from './field-set.ts'

/** The value without what the paths lead to. A map or list that this empties is left as null. */
export function removeFields(value: unknown, paths: FieldSet, schema: MergeSchema): unknown {
  const branches = new Set(
    [...paths.values()].flatMap(path =>
      path.slice(0, -1).map((_, index) => pathKey(path.slice(0, index + 1))),
    ),
  )

  function walk(node: unknown, at: MergeSchema, path: FieldPath): unknown {
    if (isMergedList(node, at)) return walkList(node, at, path)
    if (isFields(node)) return at.atomic ? null : walkMap(node, at, path)
    return Array.isArray(node) ? null : node
  }

  function walkList(items: readonly unknown[], at: MergeSchema, path: FieldPath): unknown {
    const kept = items.flatMap(item => {
      const inner = [...path, listStep(at, item)]
      const key = pathKey(inner)
      if (paths.has(key)) return []
      return [branches.has(key) ? walk(item, itemSchema(at), inner) : item]
    })
    return kept.length > 0 ? kept : null
  }

  function walkMap(fields: Fields, at: MergeSchema, path: FieldPath): unknown {
    const kept = Object.entries(fields).flatMap(([name, child]) => {
      const inner = [...path, `f:${name}`]
      const key = pathKey(inner)
      if (paths.has(key)) return []
      return [[name, branches.has(key) ? walk(child, fieldSchema(at, name), inner) : child] as const]
    })
    return kept.length > 0 ? Object.fromEntries(kept) : null
  }

  return paths.size === 0 ? value : walk(value, schema, [])
}
