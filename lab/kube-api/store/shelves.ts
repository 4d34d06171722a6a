import { deepFreeze } from '@meridian/lab-world/json'
import type { Kind } from '../kind.ts'
import type { KubeObject } from '../objects.ts'
import { resourceName } from '../status-error.ts'
import type { ChangeHistory, EventType } from './history.ts'
import { inVersion } from './in-version.ts'

/** The stored objects by kind, and the one place where a revision is given. */
export type Shelves = {
  find(kind: Kind, namespace: string | undefined, name: string): KubeObject | undefined
  list(kind: Kind, filter: { namespace?: string; labels?: Readonly<Record<string, string>> }): KubeObject[]
  /** Stores or removes, and tells the history. Returns the frozen object with its new resourceVersion. */
  commit(type: EventType, kind: Kind, next: KubeObject, previous?: KubeObject): KubeObject
  revision(): number
}

/** `order` has the names in order, until one comes or goes. */
type Shelf = { objects: Map<string, KubeObject>; order?: string[] | undefined }

/** Objects by kind and name, without any rule; each write takes the next revision and is told to `history`. */
export function createShelves(history: ChangeHistory): Shelves {
  const shelves = new Map<string, Shelf>()
  // As etcd, which is at 1 before anything is written: no object has that version.
  let revision = 1

  function shelfOf(kind: Kind): Shelf {
    const name = resourceName(kind)
    const shelf = shelves.get(name) ?? { objects: new Map() }
    shelves.set(name, shelf)
    return shelf
  }

  return {
    find(kind, namespace, name) {
      const object = shelfOf(kind).objects.get(`${kind.namespaced ? (namespace ?? 'default') : ''}/${name}`)
      return object && inVersion(kind, object)
    },
    list(kind, { namespace, labels = {} }) {
      const shelf = shelfOf(kind)
      const wanted = Object.entries(labels)
      shelf.order ??= [...shelf.objects.keys()].sort()
      return shelf.order.flatMap(key => {
        const object = shelf.objects.get(key)
        if (!object || (namespace !== undefined && object.metadata.namespace !== namespace)) return []
        return wanted.every(([label, value]) => object.metadata.labels?.[label] === value)
          ? [inVersion(kind, object)]
          : []
      })
    },
    commit(type, kind, next, previous) {
      revision += 1
      const { stored = kind } = kind
      const object = deepFreeze({
        ...inVersion(stored, next),
        metadata: { ...next.metadata, resourceVersion: String(revision) },
      })
      const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`
      const shelf = shelfOf(kind)
      if (type === 'DELETED' || !shelf.objects.has(key)) shelf.order = undefined
      if (type === 'DELETED') shelf.objects.delete(key)
      else shelf.objects.set(key, object)
      const before = previous && inVersion(stored, previous)
      history.add({ type, kind: stored, object, revision, ...(before ? { previous: before } : {}) })
      return inVersion(kind, object)
    },
    revision: () => revision,
  }
}
