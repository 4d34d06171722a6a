import type { Kind } from '../kind.ts'
import { deepFreeze, type KubeObject } from '../objects.ts'
import { resourceName } from '../status-error.ts'
import type { ChangeHistory, EventType } from './history.ts'

/** The stored objects by kind, and the one place where a revision is given. */
export type Shelves = {
  find(kind: Kind, namespace: string | undefined, name: string): KubeObject | undefined
  list(kind: Kind, filter: { namespace?: string; labels?: Readonly<Record<string, string>> }): KubeObject[]
  /** Stores or removes, and tells the history. Returns the frozen object with its new resourceVersion. */
  commit(type: EventType, kind: Kind, next: KubeObject, previous?: KubeObject): KubeObject
  revision(): number
}

export function createShelves(history: ChangeHistory): Shelves {
  const shelves = new Map<string, Map<string, KubeObject>>()
  // As etcd, which is at 1 before anything is written: no object has that version.
  let revision = 1

  function shelfOf(kind: Kind): Map<string, KubeObject> {
    const name = resourceName(kind)
    const shelf = shelves.get(name) ?? new Map<string, KubeObject>()
    shelves.set(name, shelf)
    return shelf
  }

  return {
    find: (kind, namespace, name) =>
      shelfOf(kind).get(`${kind.namespaced ? (namespace ?? 'default') : ''}/${name}`),
    list(kind, { namespace, labels = {} }) {
      const shelf = shelfOf(kind)
      const wanted = Object.entries(labels)
      return [...shelf.keys()].sort().flatMap(key => {
        const object = shelf.get(key)
        if (!object || (namespace !== undefined && object.metadata.namespace !== namespace)) return []
        return wanted.every(([label, value]) => object.metadata.labels?.[label] === value) ? [object] : []
      })
    },
    commit(type, kind, next, previous) {
      revision += 1
      const object = deepFreeze({
        ...next,
        metadata: { ...next.metadata, resourceVersion: String(revision) },
      })
      const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`
      if (type === 'DELETED') shelfOf(kind).delete(key)
      else shelfOf(kind).set(key, object)
      history.add({ type, kind, object, revision, ...(previous ? { previous } : {}) })
      return object
    },
    revision: () => revision,
  }
}
