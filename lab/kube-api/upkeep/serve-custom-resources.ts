import { kindOf } from '../definitions/define-kind.ts'
import { cleanupFinalizer, establishedStatus, withCondition } from '../definitions/definition-status.ts'
import { type KubeObject, timestamp } from '../objects.ts'
import { resourceName } from '../status-error.ts'
import type { Store } from '../store.ts'

const definitions = 'customresourcedefinitions'

/**
 * Serves what every CustomResourceDefinition defines as a kind, as long as the definition exists; one that is deleted
 * goes after the last of its objects. A kind that the server has of its own is not replaced.
 */
export function startCustomResources(store: Store): () => void {
  if (!store.findKind(definitions)) return () => {}
  const served = new Map<string, string>()
  const stops = [
    store.watch('CustomResourceDefinition', ({ type, object }) => {
      const { name, generation, deletionTimestamp } = object.metadata
      if (type === 'DELETED') {
        if (served.delete(name)) store.removeKind(name)
        return
      }
      // A new kind would end the watches of the present one, so it comes only with a new definition.
      const state = `${generation} ${deletionTimestamp !== undefined}`
      const foreign = store.kinds().some(other => resourceName(other) === name) && !served.has(name)
      const kind = foreign || served.get(name) === state ? undefined : kindOf(object)
      if (kind) {
        served.set(name, state)
        store.addKind(kind)
      }
      if (type === 'ADDED') establish(store, object)
      if (deletionTimestamp) finishDeletion(store, object, served.has(name))
    }),
    store.watch('*', ({ type, kind }) => {
      const definition =
        type === 'DELETED' ? store.get(definitions, undefined, resourceName(kind)) : undefined
      if (definition?.metadata.deletionTimestamp) finishDeletion(store, definition, true)
    }),
  ]
  return () => stops.forEach(stop => void stop())
}

/** Accepts the names of a new definition. */
function establish(store: Store, { metadata: { name } }: KubeObject): void {
  writeStatus(store, name, definition => establishedStatus(definition, timestamp(store.now())))
}

function writeStatus(store: Store, name: string, statusOf: (definition: KubeObject) => unknown): void {
  const change = (draft: KubeObject) => {
    draft.status = statusOf(draft)
  }
  store.modify(definitions, undefined, name, change, { status: true, manager: 'kube-apiserver' })
}

/** Deletes the objects of a definition that is being deleted, then lets go of it. */
function finishDeletion(store: Store, { metadata }: KubeObject, isServed: boolean): void {
  if (!metadata.finalizers?.includes(cleanupFinalizer)) return
  const { name } = metadata
  const remaining = () => (isServed ? store.list(name) : [])
  const tell = (status: 'True' | 'False', reason: string, message: string) => {
    const condition = { type: 'Terminating', status, reason, message }
    writeStatus(store, name, definition => withCondition(definition, condition, timestamp(store.now())))
  }
  if (remaining().length > 0) {
    tell('True', 'InstanceDeletionInProgress', 'CustomResource deletion is in progress')
    for (const { metadata: own } of remaining()) store.remove(name, own.namespace, own.name)
  }
  if (remaining().length > 0) return
  tell('False', 'InstanceDeletionCompleted', 'removed all instances')
  store.modify(definitions, undefined, name, draft => {
    draft.metadata.finalizers = draft.metadata.finalizers?.filter(each => each !== cleanupFinalizer)
  })
}
