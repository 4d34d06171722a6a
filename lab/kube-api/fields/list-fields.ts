import { type Fields, isFields } from '@meridian/lab-world/json'
import { fieldSchema, isDeclared, isMergedList, itemSchema } from '../merge-schema.ts'
import type { MergeSchema } from '../schema/merge-types.ts'
import { type FieldPath, type FieldSet, listStep, pathKey } from './field-set.ts'

/**
 * The paths that somebody owns who applies this value: scalars, what is replaced whole, items of merged lists, and
 * maps that are empty or that no schema names. An empty merged list is nobody's.
 */
export function listFields(value: unknown, schema: MergeSchema): FieldSet {
  const set: FieldSet = new Map()
  const add = (path: FieldPath) => set.set(pathKey(path), path)

  function walk(node: unknown, at: MergeSchema, path: FieldPath): void {
    if (isFields(node) && !at.atomic) walkMap(node, at, path)
    else if (isMergedList(node, at)) walkList(node, at, path)
    else add(path)
  }

  function walkMap(node: Fields, at: MergeSchema, path: FieldPath): void {
    for (const [name, child] of Object.entries(node)) {
      if (child === undefined) continue
      const inner = [...path, `f:${name}`]
      walk(child, fieldSchema(at, name), inner)
      if (isEmptyMap(child) || !isDeclared(at, name)) add(inner)
    }
  }

  function walkList(nodes: readonly unknown[], at: MergeSchema, path: FieldPath): void {
    const steps = nodes.map(item => listStep(at, item))
    nodes.forEach((item, index) => {
      const step = steps[index] ?? ''
      const inner = [...path, step]
      // Of items that share a key nobody owns the parts.
      if (steps.indexOf(step) === steps.lastIndexOf(step)) walk(item, itemSchema(at), inner)
      add(inner)
    })
  }

  walk(value, schema, [])
  return set
}

function isEmptyMap(value: unknown): boolean {
  return isFields(value) && Object.keys(value).length === 0
}
