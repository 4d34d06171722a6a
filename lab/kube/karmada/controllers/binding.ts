import { type KubeObject, listAt } from '../../api/index.ts'
import { type ControlLoop, keyOf, splitKey, startControlLoop } from '../../control-loop.ts'
import { buildManifest } from '../build-manifest.ts'
import { candidateOf } from '../candidates.ts'
import type { ControlPlane } from '../control-plane.ts'
import { findTemplate } from '../map-kinds.ts'
import { bindingFinalizer, clusterOfSpace } from '../names.ts'
import type { BindingSpec } from '../needs-scheduling.ts'
import { type OverridePolicySpec, overrideManifest } from '../override.ts'
import type { TargetCluster } from '../types.ts'
import { bindingNameAnnotation, bindingNamespaceAnnotation, ensureWork, permanentIdLabel } from '../works.ts'

const bindingKinds = ['ResourceBinding', 'ClusterResourceBinding'] as const
const overridePolicyKinds = ['OverridePolicy', 'ClusterOverridePolicy']

/** Turns bindings into one Work per target member, and removes the Works of former targets. */
export function startBindings(plane: ControlPlane): ControlLoop {
  const loop = startControlLoop({ clock: plane.world.clock, reconcile: key => reconcile(plane, key) })
  const all = () => bindingKinds.flatMap(kind => plane.store.list(kind).map(keyOf))
  for (const kind of bindingKinds) loop.follow(plane.store, kind, object => [keyOf(object)])
  for (const kind of overridePolicyKinds) loop.follow(plane.store, kind, all)
  loop.follow(plane.store, 'Work', work => bindingKeyOf(work))
  loop.follow(plane.store, 'Namespace', space => (clusterOfSpace(space.metadata.name) ? all() : []))
  return loop
}

/** The key of the binding that a Work belongs to; none for Works of Karmada's own. */
export function bindingKeyOf(work: KubeObject): string[] {
  const { annotations = {} } = work.metadata
  const name = annotations[bindingNameAnnotation]
  return name ? [`${annotations[bindingNamespaceAnnotation] ?? ''}/${name}`] : []
}

/** The binding behind a key: one with a namespace is a ResourceBinding. */
export function findBinding({ store }: ControlPlane, key: string): KubeObject | undefined {
  const [namespace, name] = splitKey(key)
  return store.get(namespace ? 'ResourceBinding' : 'ClusterResourceBinding', namespace, name)
}

/** The Works that a binding has, in all spaces. */
export function worksOf({ store }: ControlPlane, binding: KubeObject): KubeObject[] {
  const id = binding.metadata.labels?.[permanentIdLabel]
  return id ? store.list('Work', { labels: { [permanentIdLabel]: id } }) : []
}

function reconcile(plane: ControlPlane, key: string): undefined {
  const binding = findBinding(plane, key)
  if (!binding) return
  const works = worksOf(plane, binding)
  if (binding.metadata.deletionTimestamp) {
    for (const work of works) removeWork(plane, work)
    // Its Works are told to go, and go when their members let them; nobody waits for that.
    release(plane, binding)
    return
  }
  const spec = binding.spec as BindingSpec
  const targets = targetsOf(spec)
  for (const work of works) {
    const cluster = clusterOfSpace(work.metadata.namespace)
    if (!targets.some(target => target.name === cluster) && !isEvicting(spec, cluster))
      removeWork(plane, work)
  }
  const template = findTemplate(plane, spec.resource)
  if (!template || template.metadata.deletionTimestamp) return
  for (const target of targets) place(plane, binding, template, target)
}

function isEvicting({ gracefulEvictionTasks = [] }: BindingSpec, cluster: string | undefined): boolean {
  return gracefulEvictionTasks.some(
    ({ fromCluster, purgeMode }) => fromCluster === cluster && purgeMode !== 'Directly',
  )
}

/** Where a binding's object goes: its own schedule and those of everything that requires it. */
export function targetsOf(spec: BindingSpec): TargetCluster[] {
  const required = (spec.requiredBy ?? []).flatMap(each => each.clusters)
  const targets = new Map(
    [...required.map(each => ({ name: each.name })), ...(spec.clusters ?? [])].map(each => [each.name, each]),
  )
  return [...targets.values()]
}

function place(plane: ControlPlane, binding: KubeObject, template: KubeObject, target: TargetCluster): void {
  const cluster = plane.store.get('Cluster', undefined, target.name)
  if (!cluster) return
  const spec = binding.spec as BindingSpec
  const manifest = buildManifest(template, target, (spec.replicas ?? 0) > 0)
  const { namespace, name, labels = {} } = binding.metadata
  ensureWork(plane, {
    cluster: target.name,
    manifest: overrideManifest(manifest, candidateOf(cluster, undefined), overridePolicies(plane, namespace)),
    labels: { [permanentIdLabel]: labels[permanentIdLabel] ?? '' },
    annotations: {
      [bindingNameAnnotation]: name,
      ...(namespace ? { [bindingNamespaceAnnotation]: namespace } : {}),
    },
    options: {
      ...(spec.conflictResolution ? { conflictResolution: spec.conflictResolution } : {}),
      ...(spec.preserveResourcesOnDeletion ? { preserveResourcesOnDeletion: true } : {}),
      ...(isSuspended(spec, target.name) ? { suspendDispatching: true } : {}),
    },
  })
}

function isSuspended({ suspension }: BindingSpec, cluster: string): boolean {
  const named = suspension?.dispatchingOnClusters?.clusterNames ?? []
  return suspension?.dispatching === true || named.includes(cluster)
}

function overridePolicies({ store }: ControlPlane, namespace: string | undefined) {
  const own = namespace ? store.list('OverridePolicy', { namespace }) : []
  return [...store.list('ClusterOverridePolicy'), ...own]
    .filter(policy => !policy.metadata.deletionTimestamp)
    .map(policy => ({
      ...(policy.metadata.namespace ? { namespace: policy.metadata.namespace } : {}),
      spec: policy.spec as OverridePolicySpec,
    }))
}

function removeWork({ store }: ControlPlane, work: KubeObject): void {
  if (work.metadata.deletionTimestamp) return
  store.remove('Work', work.metadata.namespace, work.metadata.name)
}

function release({ store }: ControlPlane, binding: KubeObject): void {
  const { kind, metadata } = binding
  if (!listAt(metadata, 'finalizers').includes(bindingFinalizer)) return
  store.modify(kind, metadata.namespace, metadata.name, draft => {
    draft.metadata.finalizers = draft.metadata.finalizers?.filter(each => each !== bindingFinalizer) ?? []
  })
}
