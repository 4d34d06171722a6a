import { copyJson, listAt } from '@meridian/lab-world/json'
import { cleanupFinalizer, withCondition } from '../definitions/definition-status.ts'
import type { Kind } from '../kind.ts'
import { type KubeObject, timestamp } from '../objects.ts'
import { conflict } from '../status-error.ts'

export type Propagation = 'Background' | 'Foreground' | 'Orphan'
export type Precondition = { uid?: string; resourceVersion?: string }

export const foregroundFinalizer = 'foregroundDeletion'
export const orphanFinalizer = 'orphan'

/** What a deletion leaves: nothing (undefined), or the object with a deletionTimestamp while finalizers hold it. */
export function prepareRemoval(
  kind: Kind,
  live: KubeObject,
  {
    propagation,
    precondition = {},
    now,
  }: { propagation?: Propagation; precondition?: Precondition; now: number },
): KubeObject | undefined {
  if (ownWords.has(kind.plural)) checkOwnPrecondition(kind, live, precondition)
  else checkPrecondition(kind, live, precondition)
  if (kind.plural === 'customresourcedefinitions' && !live.metadata.deletionTimestamp)
    return markedDefinition(live, timestamp(now))
  const finalizers = finalizersFor(live.metadata.finalizers ?? [], propagation)
  if (finalizers.length === 0 && !holdsContents(kind, live)) return undefined
  const left = copyJson(live)
  if (finalizers.length > 0) left.metadata.finalizers = finalizers
  if (!left.metadata.deletionTimestamp) {
    left.metadata.deletionTimestamp = timestamp(now)
    left.metadata.deletionGracePeriodSeconds = 0
    if (left.metadata.generation) left.metadata.generation += 1
    if (kind.kind === 'Namespace') left.status = { phase: 'Terminating' }
  }
  return left
}

/** However a definition is to be deleted, it waits for its objects first. */
function markedDefinition(live: KubeObject, time: string): KubeObject {
  const left = copyJson(live)
  left.metadata.deletionTimestamp = time
  left.metadata.finalizers = [...new Set([...(live.metadata.finalizers ?? []), cleanupFinalizer])]
  const pending = {
    type: 'Terminating',
    status: 'True' as const,
    reason: 'InstanceDeletionPending',
    message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
  }
  left.status = withCondition(left, pending, time)
  return left
}

function finalizersFor(given: readonly string[], propagation: Propagation | undefined): string[] {
  if (propagation === undefined) return [...given]
  const others = given.filter(name => name !== foregroundFinalizer && name !== orphanFinalizer)
  if (propagation === 'Foreground') return [...others, foregroundFinalizer]
  return propagation === 'Orphan' ? [...others, orphanFinalizer] : others
}

function checkPrecondition(kind: Kind, live: KubeObject, { uid, resourceVersion }: Precondition): void {
  // These two conflicts name the kind where all others name the resource.
  const subject = { ...kind, plural: kind.kind }
  const { name, uid: ownUid, resourceVersion: ownVersion } = live.metadata
  if (uid && uid !== ownUid) {
    const cause = `the UID in the precondition (${uid}) does not match the UID in record (${ownUid}). The object might have been deleted and then recreated`
    throw conflict(subject, name, cause)
  }
  if (resourceVersion && resourceVersion !== ownVersion) {
    const cause = `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${ownVersion}). The object might have been modified`
    throw conflict(subject, name, cause)
  }
}

const ownWords = new Set(['namespaces', 'customresourcedefinitions'])

/** Namespaces and definitions look at their preconditions themselves. */
function checkOwnPrecondition(
  kind: Kind,
  { metadata }: KubeObject,
  { uid, resourceVersion }: Precondition,
): void {
  const failed = (what: string, given: string, own = '') =>
    conflict(
      kind,
      metadata.name,
      `Precondition failed: ${what} in precondition: ${given}, ${what} in object meta: ${own}`,
    )
  if (uid && uid !== metadata.uid) throw failed('UID', uid, metadata.uid)
  if (resourceVersion && resourceVersion !== metadata.resourceVersion)
    throw failed('ResourceVersion', resourceVersion, metadata.resourceVersion)
}

/** Whether a deleted object has nothing left that holds it. */
export function isReleased(kind: Kind, object: KubeObject): boolean {
  const { deletionTimestamp, finalizers = [] } = object.metadata
  return deletionTimestamp !== undefined && finalizers.length === 0 && !holdsContents(kind, object)
}

// A namespace is emptied by its controller, which then lets go of spec.finalizers.
function holdsContents(kind: Kind, object: KubeObject): boolean {
  return kind.kind === 'Namespace' && listAt(object, 'spec', 'finalizers').length > 0
}
