import { manager } from '@meridian/identity'
import type { KubeObject } from '@meridian/kube'
import { karmadaKinds } from '@meridian/lab-karmada/kinds'
import { coreKinds, createStore, type Store } from '@meridian/lab-kube-api'

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
