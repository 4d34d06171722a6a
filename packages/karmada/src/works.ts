import { conditionOf, describeRef, type Kube, type KubeObject } from '@meridian/kube'
import type { Binding } from './binding-status.ts'
import { listClusters } from './clusters.ts'
import { executionNamespace, workType } from './names.ts'

const bindingName = 'resourcebinding.karmada.io/name'
const bindingNamespace = 'resourcebinding.karmada.io/namespace'

/**
 * What of these bindings is left only in members that are not ready, as `Service shop/web in jpn`, by binding:
 * Karmada cannot take it out of there before they are back, and keeps the binding until then.
 */
export async function findStranded(
  federation: Pick<Kube, 'list'>,
  bindings: readonly Binding[],
): Promise<Map<Binding, string[]>> {
  const clusters = await listClusters(federation)
  const dead = clusters.filter(cluster => conditionOf(cluster, 'Ready')?.status !== 'True')
  if (dead.length === 0) return new Map()
  return strandedIn(
    dead.map(({ metadata }) => metadata.name),
    bindings,
    await federation.list(workType),
  )
}

/** Pure part of `findStranded`; exported for its test. */
export function strandedIn(
  dead: readonly string[],
  bindings: readonly Binding[],
  works: readonly KubeObject[],
): Map<Binding, string[]> {
  const spaces = new Map(dead.map(name => [executionNamespace(name), name]))
  const entries = bindings.flatMap((binding): [Binding, string[]][] => {
    const own = works.filter(work => isOf(work, binding))
    const names = own.map(({ metadata }) => spaces.get(metadata.namespace ?? ''))
    const { resource } = binding.spec
    if (own.length === 0 || resource === undefined || names.includes(undefined)) return []
    return [[binding, names.map(name => `${describeRef(resource)} in ${name}`)]]
  })
  return new Map(entries)
}

function isOf({ metadata }: KubeObject, binding: Binding): boolean {
  const { annotations = {} } = metadata
  return (
    annotations[bindingName] === binding.metadata.name &&
    (annotations[bindingNamespace] || undefined) === binding.metadata.namespace
  )
}
