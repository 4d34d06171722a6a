import { manager } from '@meridian/identity'
import type { KubeObject } from '@meridian/kube'
import { coreKinds, createStore, type Store } from '../../../lab/kube/api/index.ts'
import { karmadaKinds } from '../../../lab/kube/karmada/kinds/index.ts'

/** A federation's objects, with the namespace `shop`. */
export function openStore(): Store {
  const store = createStore({ kinds: [...coreKinds, ...karmadaKinds] })
  store.create('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } })
  return store
}

/** What comes of an object that this project has applied. */
export function applied(object: KubeObject, store = openStore()): KubeObject {
  return structuredClone(store.apply(object.kind, object, { manager, force: true }).object)
}
