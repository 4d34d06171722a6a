import { compareFields } from '../fields/compare-fields.ts'
import { type Manager, type ManagerIdentity, managersBefore } from '../fields/managed-fields.ts'
import { type Tracks, trackedChanges, trackUpdate } from '../fields/track-update.ts'
import { apiVersionOf, isCustom, type Kind } from '../kind.ts'
import { objectSchema } from '../merge-schema.ts'
import type { KubeObject } from '../objects.ts'

/**
 * Which fields a write records ownership of. The status is not written with the object where it has a subresource of
 * its own. Writing the status of a custom resource records all but the spec, whatever of it is then kept.
 */
export function tracksOf(kind: Kind, subresource: string | undefined): Tracks {
  if (subresource !== 'status') return ([part]) => !(kind.status && part === 'f:status')
  return isCustom(kind) ? ([part]) => part !== 'f:spec' : ([part]) => part === 'f:status'
}

/** Under which identity an update (no apply) is recorded in `managedFields`. */
export function writerOf(
  kind: Kind,
  manager: string,
  subresource: string | undefined,
): ManagerIdentity & { operation: 'Update' } {
  return {
    manager,
    operation: 'Update',
    apiVersion: apiVersionOf(kind),
    ...(subresource ? { subresource } : {}),
  }
}

/** Who owns what after an update. Of an object that nobody is said to own, nothing is recorded until an apply. */
export function managersAfter(
  kind: Kind,
  live: KubeObject,
  next: KubeObject,
  writer: ManagerIdentity,
  time: string,
): Manager[] {
  const given = writer.subresource ? undefined : next.metadata.managedFields
  const managers = managersBefore(live.metadata.managedFields, given)
  if (managers.length === 0) return []
  const changes = compareFields(live, next, objectSchema(kind))
  return trackUpdate(managers, trackedChanges(changes, tracksOf(kind, writer.subresource)), writer, time)
}

/** Who owns what of a new object: its maker owns all of it. */
export function managersOfNew(
  kind: Kind,
  object: KubeObject,
  writer: ManagerIdentity,
  time: string,
): Manager[] {
  const changes = compareFields({}, object, objectSchema(kind))
  return trackUpdate([], trackedChanges(changes, tracksOf(kind, undefined)), writer, time)
}
