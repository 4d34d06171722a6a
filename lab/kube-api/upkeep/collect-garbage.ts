import type { Kind } from '../kind.ts'
import type { KubeObject, OwnerReference } from '../objects.ts'
import { resourceName } from '../status-error.ts'
import { foregroundFinalizer, orphanFinalizer } from '../store/remove-object.ts'
import type { Store } from '../store.ts'

/** The uids of owners that were seen to go, or looked for in vain. */
type Absent = Set<string>

/**
 * The garbage collector: dependents go with their last owner, in the background, before the owner (foreground) or,
 * orphaned, not at all. As the genuine one it remembers owners that are absent (`absentOwnerCache` of
 * pkg/controller/garbagecollector): the kind of an owner may have gone with it.
 */
export function startGarbageCollection(store: Store): () => void {
  const absent: Absent = new Set()
  return store.watch('*', ({ type, kind, object }) => {
    if (type === 'DELETED') {
      const dependents = dependentsOf(store, object)
      if (dependents.length > 0) absent.add(object.metadata.uid ?? '')
      for (const found of dependents) removeIfUnowned(store, absent, found)
      releaseOwners(store, object)
    } else if (!store.findKind(resourceName(kind))) return
    else if (object.metadata.deletionTimestamp) finishDeletion(store, kind, object)
    else if (type === 'ADDED' && object.metadata.ownerReferences?.length)
      removeIfUnowned(store, absent, { kind, object })
  })
}

type Found = { kind: Kind; object: KubeObject }

function dependentsOf(store: Store, owner: KubeObject): Found[] {
  return store.kinds().flatMap(kind =>
    store.list(resourceName(kind)).flatMap(object => {
      const owned = object.metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid)
      return owned ? [{ kind, object }] : []
    }),
  )
}

// An owner that is looked up by name but has another uid is not the owner: it was deleted and made again.
function ownerExists(
  store: Store,
  absent: Absent,
  object: KubeObject,
  { kind, name, uid }: OwnerReference,
): boolean {
  if (absent.has(uid)) return false
  const known = store.findKind(kind)
  // Of a kind that is not served here nothing is known, so nothing is removed on its account.
  if (!known) return true
  const exists = store.get(resourceName(known), object.metadata.namespace, name)?.metadata.uid === uid
  if (!exists) absent.add(uid)
  return exists
}

function removeIfUnowned(store: Store, absent: Absent, { kind, object }: Found): void {
  const { namespace, name, uid } = object.metadata
  const current = store.get(resourceName(kind), namespace, name)
  const owners = current?.metadata.uid === uid ? (current?.metadata.ownerReferences ?? []) : []
  if (!current || current.metadata.deletionTimestamp || owners.length === 0) return
  if (owners.some(owner => ownerExists(store, absent, current, owner))) return
  store.remove(resourceName(kind), namespace, name, { propagation: 'Background', precondition: { uid } })
}

function finishDeletion(store: Store, kind: Kind, object: KubeObject): void {
  const { finalizers = [] } = object.metadata
  if (finalizers.includes(orphanFinalizer)) {
    for (const dependent of dependentsOf(store, object)) disown(store, dependent, object)
    dropFinalizer(store, kind, object, orphanFinalizer)
  } else if (finalizers.includes(foregroundFinalizer)) {
    const dependents = dependentsOf(store, object)
    for (const { kind: each, object: dependent } of dependents) {
      if (dependent.metadata.deletionTimestamp) continue
      const { namespace, name } = dependent.metadata
      store.remove(resourceName(each), namespace, name, { propagation: 'Foreground' })
    }
    if (dependents.length === 0) dropFinalizer(store, kind, object, foregroundFinalizer)
  }
}

function disown(store: Store, { kind, object }: Found, owner: KubeObject): void {
  store.modify(resourceName(kind), object.metadata.namespace, object.metadata.name, draft => {
    draft.metadata.ownerReferences = draft.metadata.ownerReferences?.filter(
      ({ uid }) => uid !== owner.metadata.uid,
    )
  })
}

function dropFinalizer(store: Store, kind: Kind, object: KubeObject, finalizer: string): void {
  store.modify(resourceName(kind), object.metadata.namespace, object.metadata.name, draft => {
    draft.metadata.finalizers = draft.metadata.finalizers?.filter(name => name !== finalizer)
  })
}

/** An owner in foreground deletion waits for its dependents: look at it again when one of them has gone. */
function releaseOwners(store: Store, gone: KubeObject): void {
  for (const { kind: ownerKind, name } of gone.metadata.ownerReferences ?? []) {
    const kind = store.findKind(ownerKind)
    const owner = kind && store.get(resourceName(kind), gone.metadata.namespace, name)
    if (kind && owner?.metadata.deletionTimestamp) finishDeletion(store, kind, owner)
  }
}
