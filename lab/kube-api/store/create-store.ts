import type { Kind } from '../kind.ts'
import { resourceName } from '../status-error.ts'
import type { Store } from '../store.ts'
import { createHistory } from './history.ts'
import { createRegistry } from './registry.ts'
import { createShelves } from './shelves.ts'
import { createWrites } from './writes.ts'

export type StoreOptions = {
  kinds: readonly Kind[]
  /** Milliseconds since the epoch. */
  now?: () => number
  /** How many changes a watch can at least look back on. */
  history?: number
}

/** An empty store for these kinds. */
export function createStore({ kinds, now = Date.now, history: capacity = 2_000 }: StoreOptions): Store {
  const registry = createRegistry(kinds)
  const history = createHistory(capacity)
  const shelves = createShelves(history)
  const born = new Map<string, number>()
  const store: Store = {
    ...createWrites(shelves, () => store),
    kinds: registry.all,
    kind: registry.need,
    findKind: registry.find,
    addKind(kind) {
      born.set(resourceName(kind), born.get(resourceName(kind)) ?? shelves.revision())
      registry.add(kind)
    },
    removeKind(name) {
      const kind = registry.find(name)
      if (!kind) return
      for (const object of shelves.list(kind, {})) shelves.commit('DELETED', kind, object, object)
      registry.remove(kind)
      born.delete(resourceName(kind))
    },
    get: (kind, namespace, name) => shelves.find(registry.need(kind), namespace, name),
    list: (kind, filter = {}) => shelves.list(registry.need(kind), filter),
    watch(name, listener) {
      if (name === '*') return history.listen(listener)
      const kind = registry.need(name)
      return history.listen(event => {
        if (event.kind === kind) listener(event)
      })
    },
    oldest: kind => Math.max(history.oldest(), born.get(resourceName(kind)) ?? 0),
    revision: () => String(shelves.revision()),
    history,
    now,
  }
  return store
}
