import type { Kind } from '../kind.ts'
import type { KubeObject } from '../objects.ts'

export type EventType = 'ADDED' | 'MODIFIED' | 'DELETED'
export type StoreEvent = {
  type: EventType
  kind: Kind
  /** Of a deletion: the last state, with the revision of the deletion. */
  object: KubeObject
  previous?: KubeObject
}
export type Change = StoreEvent & { revision: number }
export type Listener = (change: Change) => void

/** The newest changes, for watches that begin in the past, and who listens to the next ones. */
export type ChangeHistory = {
  /** Changes after a revision; undefined if some of them are forgotten already. */
  since(revision: number): readonly Change[] | undefined
  /** The oldest revision that a watch may begin after. */
  oldest(): number
  add(change: Change): void
  listen(listener: Listener): () => void
  /** Forgets all but the newest `keep` changes, as compaction does. */
  compact(keep: number): void
}

/** A history that remembers at least `capacity` changes. */
export function createHistory(capacity: number): ChangeHistory {
  const changes: Change[] = []
  let forgotten = 0
  let newest = 0
  // A listener hears only of what is written after it came: of revisions above this number.
  const listeners = new Map<Listener, number>()
  const undelivered: Change[] = []

  function compact(keep: number): void {
    const dropped = changes.splice(0, Math.max(0, changes.length - keep))
    forgotten = dropped.at(-1)?.revision ?? forgotten
  }

  // Delivery waits for the writer to finish: a listener that writes must not run inside another write.
  function deliver(): void {
    const change = undelivered.shift()
    if (!change) return
    if (undelivered.length > 0) queueMicrotask(deliver)
    for (const listener of [...listeners.keys()]) {
      const since = listeners.get(listener)
      if (since !== undefined && change.revision > since) listener(change)
    }
  }

  return {
    since: revision =>
      revision < forgotten ? undefined : changes.filter(change => change.revision > revision),
    oldest: () => forgotten,
    add(change) {
      newest = change.revision
      changes.push(change)
      if (changes.length > capacity * 2) compact(capacity)
      undelivered.push(change)
      if (undelivered.length === 1) queueMicrotask(deliver)
    },
    listen(listener) {
      listeners.set(listener, newest)
      return () => void listeners.delete(listener)
    },
    compact,
  }
}
