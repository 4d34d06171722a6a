import type { KubeObject } from '../objects.ts'
import type { Store } from '../store.ts'

/** Gives every namespace its ServiceAccount `default` and the authority to trust, again if somebody deletes them. */
export function startNamespaceFurnishing(store: Store, authority: string): () => void {
  if (!store.findKind('serviceaccounts') || !store.findKind('namespaces')) return () => {}
  for (const namespace of store.list('namespaces')) furnish(store, namespace, authority)
  return store.watch('*', ({ kind, type, object }) => {
    const lost = type === 'DELETED' && (kind.kind === 'ServiceAccount' || kind.kind === 'ConfigMap')
    const home =
      kind.kind === 'Namespace' ? object.metadata.name : lost ? object.metadata.namespace : undefined
    const namespace = home === undefined ? undefined : store.get('namespaces', undefined, home)
    if (namespace) furnish(store, namespace, authority)
  })
}

function furnish(store: Store, { metadata }: KubeObject, authority: string): void {
  if (metadata.deletionTimestamp) return
  const namespace = metadata.name
  if (!store.get('serviceaccounts', namespace, 'default')) {
    store.create('serviceaccounts', {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', namespace },
    })
  }
  if (store.findKind('configmaps') && !store.get('configmaps', namespace, 'kube-root-ca.crt')) {
    store.create('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'kube-root-ca.crt', namespace },
      data: { 'ca.crt': authority },
    })
  }
}
