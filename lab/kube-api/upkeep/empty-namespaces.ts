import type { KubeObject } from '../objects.ts'
import { resourceName } from '../status-error.ts'
import type { Store } from '../store.ts'

/** The namespace controller: what is in a terminating namespace goes, and when the last of it is gone, so does it. */
export function startNamespaceEmptying(store: Store): () => void {
  if (!store.findKind('namespaces')) return () => {}
  return store.watch('*', ({ type, kind, object }) => {
    const terminated = kind.plural === 'namespaces' && type !== 'DELETED' && object.metadata.deletionTimestamp
    if (terminated) empty(store, object)
    else if (kind.namespaced && type === 'DELETED') {
      const home = store.get('namespaces', undefined, object.metadata.namespace ?? '')
      if (home?.metadata.deletionTimestamp) empty(store, home)
    }
  })
}

function empty(store: Store, { metadata: { name } }: KubeObject): void {
  const contents = store.kinds().filter(kind => kind.namespaced)
  for (const kind of contents) {
    for (const { metadata } of store.list(resourceName(kind), { namespace: name })) {
      if (!metadata.deletionTimestamp) {
        store.remove(resourceName(kind), name, metadata.name, { propagation: 'Background' })
      }
    }
  }
  if (contents.some(kind => store.list(resourceName(kind), { namespace: name }).length > 0)) return
  const release = (draft: KubeObject) => {
    draft.spec = {}
  }
  store.modify('namespaces', undefined, name, release, { subresource: 'finalize' })
}
