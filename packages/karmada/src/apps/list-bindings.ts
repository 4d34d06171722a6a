import type { Changes, Kube, KubeObject, ObjectRef } from '@meridian/kube'
import { bindingType, clusterBindingType } from '../names.ts'
import { type Binding, bindingName } from '../status/binding.ts'

/** Where the binding of a template is. */
export function bindingRef({ kind, namespace, name }: ObjectRef): ObjectRef {
  const type = namespace === undefined ? clusterBindingType : bindingType
  return { ...type, namespace, name: bindingName(kind, name) }
}

/** The name of the policy that a template or a binding goes by; undefined where it goes by none. */
export function claimingPolicy({ metadata: { annotations } }: KubeObject): string | undefined {
  return (
    annotations?.['propagationpolicy.karmada.io/name'] ??
    annotations?.['clusterpropagationpolicy.karmada.io/name']
  )
}

/** The bindings of the given namespaces; `undefined` among them stands for objects outside of namespaces. */
export async function listBindings(
  federation: Pick<Kube, 'list'>,
  namespaces: readonly (string | undefined)[],
): Promise<Binding[]> {
  const lists = namespaces.map(namespace =>
    federation.list<Binding>(namespace === undefined ? clusterBindingType : bindingType, {
      namespace,
      without: 'managedFields',
    }),
  )
  return (await Promise.all(lists)).flat()
}

/** Tells of changes of what `listBindings` lists. */
export function watchBindings(
  federation: Pick<Kube, 'changes'>,
  namespaces: readonly (string | undefined)[],
): Changes {
  return federation.changes(
    namespaces.map(namespace =>
      namespace === undefined ? clusterBindingType : { ...bindingType, namespace },
    ),
  )
}

/** Lists every binding of a federation, of namespaced and of cluster-wide objects. */
export async function listAllBindings(federation: Pick<Kube, 'list'>): Promise<Binding[]> {
  const lists = [bindingType, clusterBindingType].map(type => federation.list<Binding>(type))
  return (await Promise.all(lists)).flat()
}
