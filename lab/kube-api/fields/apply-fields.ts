import { sameJson } from '@meridian/lab-world/json'
import type { KubeObject } from '../objects.ts'
import type { MergeSchema } from '../schema/merge-types.ts'
import { compareFields } from './compare-fields.ts'
import { conflictError, findConflicts } from './conflicts.ts'
import { ownable, union, without } from './field-set.ts'
import { listFields } from './list-fields.ts'
import { isSameManager, type Manager, type ManagerIdentity } from './managed-fields.ts'
import { mergeApplied } from './merge-applied.ts'
import { pruneApplied } from './prune-applied.ts'
import { type Tracks, trackedChanges, trackUpdate } from './track-update.ts'

export type AppliedFields = { object: KubeObject; managers: Manager[] }
export type Applier = ManagerIdentity & { force: boolean; time: string; schema: MergeSchema; tracks: Tracks }

/**
 * Server-side apply: lays a configuration over the live object, removes what the applier set before and now leaves
 * out (unless somebody else owns it too), and settles who owns what.
 * Throws 409 with a FieldManagerConflict per field that another manager owns with another value, unless forced.
 */
export function applyFields(
  live: KubeObject,
  applied: KubeObject,
  present: readonly Manager[],
  applier: Applier,
): AppliedFields {
  const { force, time, schema, tracks, ...identity } = applier
  const before = withoutManagers(live)
  const managers = present.length > 0 ? present : managersOfBefore(before, applier)
  const own = managers.find(manager => isSameManager(manager, identity))
  const others = managers.filter(manager => manager !== own)
  const set = new Map([...listFields(applied, schema)].filter(([, path]) => tracks(path)))
  const merged = mergeApplied(before, applied, schema)
  const last = own?.fields ?? new Map()
  const sets = { last, now: set, others: others.map(({ fields }) => fields) }
  const object = pruneApplied(merged, sets, schema) as KubeObject

  const changes = trackedChanges(compareFields(before, object, schema), tracks)
  const changed = union(changes.added, changes.modified)
  const conflicts = findConflicts(others, changed)
  if (conflicts.length > 0 && !force) throw conflictError(conflicts)
  const kept = others.map(manager => ({
    ...manager,
    fields: without(manager.fields, changed, changes.removed),
  }))
  // An apply that changes nothing but ownership has no time of its own.
  const since = sameJson(before, object) ? own?.time : time
  const entry = { ...identity, ...(since ? { time: since } : {}), fields: ownable(set) }
  return { object, managers: [...kept, entry] }
}

/** What is there although nobody owns it has been made before anybody applied. */
function managersOfBefore(
  live: KubeObject,
  { schema, tracks, time, apiVersion, subresource }: Applier,
): Manager[] {
  const { apiVersion: _a, kind: _k, ...content } = live
  const changes = trackedChanges(compareFields({}, content, schema), tracks)
  const maker = { manager: 'before-first-apply', operation: 'Update' as const, apiVersion }
  return trackUpdate([], changes, { ...maker, ...(subresource ? { subresource } : {}) }, time)
}

function withoutManagers({ metadata, ...content }: KubeObject): KubeObject {
  const { managedFields: _, ...kept } = metadata
  return { ...(content as KubeObject), metadata: kept }
}
