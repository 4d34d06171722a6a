import { apiVersionOf, type Kind, type KubeObject, resourceName, type Store } from '@meridian/lab-kube-api'
import type { ControlPlane } from './control-plane.ts'
import type { MapKind, TypeMeta } from './map-kind.ts'

/**
 * Knows the kinds that the control plane served when it was made, and asks anew only for one that it does not know, as
 * Karmada's REST mapper does (pkg/util/restmapper/restmapper.go): a kind that has gone since can still be spoken of,
 * so that what Works have put into members is taken away.
 */
export function createKindMapper(store: Pick<Store, 'kinds'>): MapKind {
  let known = store.kinds()
  return ({ apiVersion, kind }) => {
    const find = (kinds: readonly Kind[]) =>
      kinds.find(each => each.kind === kind && apiVersionOf(each) === apiVersion)
    const remembered = find(known)
    if (remembered) return remembered
    const found = find(store.kinds())
    if (!found) throw new Error(`no matches for kind "${kind}" in version "${apiVersion}"`)
    known = store.kinds()
    return found
  }
}

type TemplateReference = TypeMeta & { namespace?: string; name: string }

/** A template in the federation; undefined when it is gone, be it with its kind. */
export function findTemplate(
  { store, kindOf }: Pick<ControlPlane, 'store' | 'kindOf'>,
  { namespace, name, ...type }: TemplateReference,
): KubeObject | undefined {
  const resource = resourceName(kindOf(type))
  return store.findKind(resource) && store.get(resource, namespace, name)
}
