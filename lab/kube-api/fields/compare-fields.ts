import { type Fields, isFields, sameJson } from '@meridian/lab-world/json'
import { fieldSchema, isMergedList, itemSchema } from '../merge-schema.ts'
import type { KubeObject } from '../objects.ts'
import type { MergeSchema } from '../schema/merge-types.ts'
import { type FieldPath, type FieldSet, listStep, pathKey } from './field-set.ts'

/** What differs between two states of an object; a path is in one of the sets at most. */
export type FieldChanges = { added: FieldSet; modified: FieldSet; removed: FieldSet }

/** Compares two states along their merge schema. Maps, lists and items that come or go are changes of their own. */
export function compareFields(
  before: Partial<KubeObject>,
  after: Partial<KubeObject>,
  schema: MergeSchema,
): FieldChanges {
  const changes: FieldChanges = { added: new Map(), modified: new Map(), removed: new Map() }
  const add = (set: FieldSet, path: FieldPath) => set.set(pathKey(path), path)

  function walk(old: unknown, next: unknown, at: MergeSchema, path: FieldPath): void {
    const maps = !at.atomic && areAll(old, next, isFields)
    const lists = !at.atomic && areAll(old, next, value => isMergedList(value, at))
    if (!(maps || lists) || areEmpty(old, next)) {
      compareLeaves(old, next, path)
      return
    }
    if (maps) walkMaps(fieldsOf(old), fieldsOf(next), at, path)
    else walkLists(itemsOf(old), itemsOf(next), at, path)
    if (old === undefined && !isGiven(path, schema)) add(changes.added, path)
    if (next === undefined) add(changes.removed, path)
  }

  function compareLeaves(old: unknown, next: unknown, path: FieldPath): void {
    if (old === undefined) add(changes.added, path)
    else if (next === undefined) add(changes.removed, path)
    else if (!sameJson(old, next)) add(changes.modified, path)
  }

  function walkMaps(old: Fields, next: Fields, at: MergeSchema, path: FieldPath): void {
    for (const name of new Set([...Object.keys(old), ...Object.keys(next)])) {
      if (old[name] === next[name]) continue
      walk(old[name], next[name], fieldSchema(at, name), [...path, `f:${name}`])
    }
  }

  function walkLists(
    old: readonly unknown[],
    next: readonly unknown[],
    at: MergeSchema,
    path: FieldPath,
  ): void {
    const olds = Map.groupBy(old, item => listStep(at, item))
    const nexts = Map.groupBy(next, item => listStep(at, item))
    for (const step of new Set([...olds.keys(), ...nexts.keys()])) {
      compareItems(olds.get(step) ?? [], nexts.get(step) ?? [], itemSchema(at), [...path, step])
    }
  }

  // Items that share a key are compared as one leaf.
  function compareItems(
    olds: readonly unknown[],
    nexts: readonly unknown[],
    at: MergeSchema,
    path: FieldPath,
  ): void {
    if (olds.length <= 1 && nexts.length <= 1) walk(olds[0], nexts[0], at, path)
    else if (olds.length > 1 && nexts.length > 1) compareLeaves(olds, nexts, path)
    else if (olds.length > 1) {
      if (nexts.length > 0) walk(undefined, nexts[0], at, path)
      changes.added.delete(pathKey(path))
      add(changes.removed, path)
    } else {
      if (olds.length > 0) walk(olds[0], undefined, at, path)
      changes.removed.delete(pathKey(path))
      add(changes.added, path)
    }
  }

  for (const part of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, next] = [partOf(before, part), partOf(after, part)]
    // Taking everything apart is what a write costs most.
    if (!sameJson(old, next)) walk(old, next, fieldSchema(schema, part), [`f:${part}`])
  }
  return changes
}

function partOf(object: Partial<KubeObject>, part: string): unknown {
  const value = object[part]
  return part === 'metadata' && isFields(value) ? { ...value, managedFields: undefined } : value
}

/** Whether both are of a sort, as far as they are anything: nothing and null are of every sort. */
function areAll(old: unknown, next: unknown, isOfSort: (value: unknown) => boolean): boolean {
  const given = [old, next].filter(value => value !== undefined && value !== null)
  return given.length > 0 && given.every(isOfSort)
}

function areEmpty(...values: readonly unknown[]): boolean {
  return values.every(value => typeof value !== 'object' || value === null || Object.keys(value).length === 0)
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {}
}

function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function isGiven(path: FieldPath, schema: MergeSchema): boolean {
  return path.every(step => schema.written?.has(step.slice(2)))
}
