import { copyJson, deepFreeze, sameJson } from '@meridian/lab-world/json'
import type { Kind } from '../kind.ts'
import type { KubeObject } from '../objects.ts'
import { alreadyExists, notFound, notGenerated } from '../status-error.ts'
import type { Store } from '../store.ts'
import { prepareApply } from './apply-object.ts'
import { checkSize } from './check-size.ts'
import { prepareCreate } from './prepare-create.ts'
import { prepareUpdate } from './prepare-update.ts'
import { isReleased, prepareRemoval } from './remove-object.ts'
import type { Shelves } from './shelves.ts'

export type Writes = Pick<Store, 'create' | 'update' | 'modify' | 'apply' | 'remove'>

/** The writing half of a store: prepares the next state purely, then commits it unless it is a dry run. */
export function createWrites(shelves: Shelves, store: () => Store): Writes {
  function replace(kind: Kind, live: KubeObject, next: KubeObject, dryRun = false): KubeObject {
    if (next === live || dryRun) return next
    checkSize(next)
    if (!isReleased(kind, next)) return shelves.commit('MODIFIED', kind, next, live)
    // Nobody is shown the version of a deletion but those who watch.
    shelves.commit('DELETED', kind, next, live)
    return deepFreeze(next)
  }

  const create: Writes['create'] = (name, object, options = {}) => {
    const kind = store().kind(name)
    const created = prepareCreate(kind, object, store(), options)
    const { namespace, name: objectName } = created.metadata
    if (shelves.find(kind, namespace, objectName))
      throw (object.metadata.generateName ? notGenerated : alreadyExists)(kind, objectName)
    if (options.dryRun) return created
    checkSize(created)
    return shelves.commit('ADDED', kind, created)
  }

  const update: Writes['update'] = (name, object, options = {}) => {
    const kind = store().kind(name)
    const live = shelves.find(kind, object.metadata.namespace, object.metadata.name)
    if (!live) throw notFound(kind, object.metadata.name)
    return replace(kind, live, prepareUpdate(kind, live, object, store(), options), options.dryRun)
  }

  const modify: Writes['modify'] = (name, namespace, objectName, change, { status, ...options } = {}) => {
    const live = shelves.find(store().kind(name), namespace, objectName)
    if (!live) return undefined
    const draft = copyJson(live)
    change(draft)
    // Controllers look again and again, and mostly find everything as it was.
    if (sameJson(draft, live)) return live
    return update(name, draft, status ? { ...options, subresource: 'status' } : options)
  }

  const apply: Writes['apply'] = (name, object, options) => {
    const kind = store().kind(name)
    const live = shelves.find(kind, object.metadata.namespace, object.metadata.name)
    const { object: next, created } = prepareApply(kind, live, object, store(), options)
    if (live) return { object: replace(kind, live, next, options.dryRun), created }
    if (options.dryRun) return { object: next, created }
    checkSize(next)
    return { object: shelves.commit('ADDED', kind, next), created }
  }

  const remove: Writes['remove'] = (name, namespace, objectName, options = {}) => {
    const kind = store().kind(name)
    const live = shelves.find(kind, namespace, objectName)
    if (!live) return undefined
    const left = prepareRemoval(kind, live, { ...options, now: store().now() })
    if (left && sameJson(left, live)) return live
    if (options.dryRun) return left ?? live
    return left ? shelves.commit('MODIFIED', kind, left, live) : shelves.commit('DELETED', kind, live, live)
  }

  return { create, update, modify, apply, remove }
}
