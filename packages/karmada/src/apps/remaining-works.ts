import { conditionOf, type Kube, type KubeObject } from '@meridian/kube'
import { type Cluster, listClusters } from '../members/clusters.ts'
import { executionNamespace, workType } from '../names.ts'
import { everywhere, heldClusters } from '../policies/build-policies.ts'
import type { Binding } from '../status/binding.ts'
import { propagatedBy, type Work } from './list-works.ts'

const bindingName = 'resourcebinding.karmada.io/name'
const clusterBindingName = 'clusterresourcebinding.karmada.io/name'
const bindingNamespace = 'resourcebinding.karmada.io/namespace'

/** What a member still has of an object, or is about to let go of. */
export type Remnant = { object: string; cluster: string; isReady: boolean }

/**
 * What members still have of these objects, as `describeRef` names them. Karmada lets go of a binding as soon as it has
 * told its Works to go, and each Work goes once its member has deleted what it carried: one that is not ready does so
 * when it is back.
 */
export async function listRemnants(
  federation: Pick<Kube, 'list'>,
  objects: ReadonlySet<string>,
): Promise<Remnant[]> {
  const [clusters, works] = await Promise.all([listClusters(federation), federation.list<Work>(workType)])
  return remnantsOf(clusters, works, objects)
}

/** Pure part of `listRemnants`; exported for its test. */
export function remnantsOf(
  clusters: readonly Cluster[],
  works: readonly Work[],
  objects: ReadonlySet<string>,
): Remnant[] {
  return clusters.flatMap(cluster => {
    const { name } = cluster.metadata
    const isReady = conditionOf(cluster, 'Ready')?.status === 'True'
    return works
      .filter(({ metadata }) => metadata.namespace === executionNamespace(name))
      .flatMap(propagatedBy)
      .filter(object => objects.has(object))
      .map(object => ({ object, cluster: name, isReady }))
  })
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

/** A Work names the binding that it is of, a cluster-wide one by another annotation. */
function isOf({ metadata: { annotations = {} } }: KubeObject, { metadata }: Binding): boolean {
  if (metadata.namespace === undefined) return annotations[clusterBindingName] === metadata.name
  return annotations[bindingName] === metadata.name && annotations[bindingNamespace] === metadata.namespace
}
