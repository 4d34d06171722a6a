import { conditionOf, describeRef, type Kube, type KubeObject } from '@meridian/kube'
import type { Binding } from './binding-status.ts'
import { everywhere, heldClusters } from './build-policies.ts'
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

/**
 * Whether the Works of these bindings are held back wherever the bindings say so. Only then has every reconcile that
 * went by an older binding come to its end: a template that changes now does not slip through.
 */
export async function areHeld(
  federation: Pick<Kube, 'list'>,
  bindings: readonly Binding[],
): Promise<boolean> {
  const clusters = [...new Set(bindings.flatMap(heldTargets))]
  const lists = clusters.map(name => federation.list(workType, { namespace: executionNamespace(name) }))
  return areSuspended(bindings, (await Promise.all(lists)).flat())
}

/** Pure part of `areHeld`; exported for its test. */
export function areSuspended(bindings: readonly Binding[], works: readonly KubeObject[]): boolean {
  return bindings.every(binding => {
    const spaces = heldTargets(binding).map(executionNamespace)
    const held = works.filter(work => isOf(work, binding) && spaces.includes(work.metadata.namespace ?? ''))
    return held.every(({ spec }) => (spec as { suspendDispatching?: boolean }).suspendDispatching === true)
  })
}

/** The clusters from which a binding holds back changes, of those to which it goes where it does so everywhere. */
function heldTargets(binding: Binding): string[] {
  const held = heldClusters(binding)
  return held.includes(everywhere) ? (binding.spec.clusters ?? []).map(({ name }) => name) : held
}

function isOf({ metadata }: KubeObject, binding: Binding): boolean {
  const { annotations = {} } = metadata
  return (
    annotations[bindingName] === binding.metadata.name &&
    (annotations[bindingNamespace] || undefined) === binding.metadata.namespace
  )
}
