import type { Kube } from '@meridian/kube'
import type { Binding } from './binding-status.ts'
import { bindingType, clusterBindingType } from './names.ts'

/** The bindings of the given namespaces; `undefined` among them stands for objects outside of namespaces. */
export async function listBindings(
  federation: Pick<Kube, 'list'>,
  namespaces: readonly (string | undefined)[],
): Promise<Binding[]> {
  const lists = namespaces.map(namespace =>
    federation.list<Binding>(namespace === undefined ? clusterBindingType : bindingType, { namespace }),
  )
  return (await Promise.all(lists)).flat()
}

export async function listAllBindings(federation: Pick<Kube, 'list'>): Promise<Binding[]> {
  const lists = [bindingType, clusterBindingType].map(type => federation.list<Binding>(type))
  return (await Promise.all(lists)).flat()
}
