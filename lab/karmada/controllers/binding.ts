import { type ControlLoop, keyOf, splitKey, startControlLoop } from '@meridian/lab-clusters/control-loop'
import type { KubeObject } from '@meridian/lab-kube-api'
import { listAt } from '@meridian/lab-world/json'
import { buildManifest } from '../build-manifest.ts'
import { candidateOf } from '../candidates.ts'
import type { ControlPlane } from '../control-plane.ts'
import { findTemplate } from '../map-kinds.ts'
import { bindingFinalizer, clusterOfSpace } from '../names.ts'
import type { BindingSpec } from '../needs-scheduling.ts'
import { type OverridePolicy, overrideManifest } from '../override.ts'
import { tell } from '../tell.ts'
import type { TargetCluster } from '../types.ts'
import {
  bindingNameAnnotation,
  bindingNamespaceAnnotation,
  clusterBindingAnnotation,
  clusterPermanentIdLabel,
  conflictAnnotation,
  ensureWork,
  permanentIdLabel,
  templateGenerationAnnotation,
} from '../works.ts'

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
  const wide = annotations[clusterBindingAnnotation]
  if (wide) return [`/${wide}`]
  const name = annotations[bindingNameAnnotation]
  return name ? [`${annotations[bindingNamespaceAnnotation] ?? ''}/${name}`] : []
}

/** The binding behind a key: one with a namespace is a ResourceBinding. */
export function findBinding({ store }: ControlPlane, key: string): KubeObject | undefined {
  const [namespace, name] = splitKey(key)
  return store.get(namespace ? 'ResourceBinding' : 'ClusterResourceBinding', namespace, name)
}

/** The label that tells whose a Work is, as the binding itself has it. */
function idOf({ metadata: { namespace, labels = {} } }: KubeObject): Record<string, string> {
  const label = namespace ? permanentIdLabel : clusterPermanentIdLabel
  return labels[label] ? { [label]: labels[label] } : {}
}

/** The Works that a binding has, in all spaces. */
export function worksOf({ store }: ControlPlane, binding: KubeObject): KubeObject[] {
  const labels = idOf(binding)
  return Object.keys(labels).length > 0 ? store.list('Work', { labels }) : []
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
  const changed = targets.map(target => place(plane, binding, template, target))
  if (!changed.includes(true)) return
  const { namespace, name } = binding.metadata
  const message = `Sync work of ${binding.kind}(${namespace ? `${namespace}/` : ''}${name}) successful.`
  const component = `${namespace ? '' : 'cluster-resource-'}binding-controller`
  tell(plane, [binding, template], { reason: 'SyncWorkSucceed', message, component })
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

/** Answers whether the Work has been made or changed. */
function place(
  plane: ControlPlane,
  binding: KubeObject,
  template: KubeObject,
  target: TargetCluster,
): boolean {
  const cluster = plane.store.get('Cluster', undefined, target.name)
  if (!cluster) return false
  const spec = binding.spec as BindingSpec
  const { namespace, name } = binding.metadata
  const manifest = buildManifest(template, spec, targetsOf(spec), target)
  const overridden = overrideManifest(
    manifest,
    candidateOf(cluster, undefined),
    overridePolicies(plane, manifest),
  )
  const owner: Record<string, string> = namespace
    ? { [bindingNameAnnotation]: name, [bindingNamespaceAnnotation]: namespace }
    : { [clusterBindingAnnotation]: name }
  const changed = ensureWork(plane, {
    cluster: target.name,
    manifest: markWhose(overridden.manifest, idOf(binding), owner),
    labels: idOf(binding),
    annotations: {
      ...owner,
      [conflictAnnotation]: conflictResolution(template, spec),
      ...overridden.annotations,
    },
    options: {
      suspendDispatching: isSuspended(spec, target.name),
      preserveResourcesOnDeletion: spec.preserveResourcesOnDeletion === true,
    },
  })
  if (changed) tellOverrides(plane, template, target.name, overridden.applied)
  return changed
}

function markWhose(
  manifest: KubeObject,
  id: Record<string, string>,
  owner: Record<string, string>,
): KubeObject {
  const { labels, annotations, generation } = manifest.metadata
  const seen: Record<string, string> = generation ? { [templateGenerationAnnotation]: `${generation}` } : {}
  return {
    ...manifest,
    metadata: {
      ...manifest.metadata,
      labels: { ...labels, ...id },
      annotations: { ...annotations, ...seen, ...owner },
    },
  }
}

function conflictResolution({ metadata: { annotations = {} } }: KubeObject, spec: BindingSpec): string {
  const own = annotations[conflictAnnotation]
  if (own === 'overwrite' || own === 'abort') return own
  return spec.conflictResolution === 'Overwrite' ? 'overwrite' : 'abort'
}

function tellOverrides(
  plane: ControlPlane,
  template: KubeObject,
  cluster: string,
  applied: readonly Pick<OverridePolicy, 'namespace' | 'name'>[],
): void {
  for (const { namespace, name } of applied) {
    const policy = namespace ? `override policy(${namespace}/${name})` : `cluster override policy(${name})`
    const message = `Apply ${policy} for cluster(${cluster}) succeed.`
    const component = 'overridemanager'
    tell(plane, [template], { reason: 'ApplyOverridePolicySucceed', message, component })
  }
}

function isSuspended({ suspension }: BindingSpec, cluster: string): boolean {
  const named = suspension?.dispatchingOnClusters?.clusterNames ?? []
  return suspension?.dispatching === true || named.includes(cluster)
}

function overridePolicies(
  { store }: ControlPlane,
  { metadata: { namespace } }: KubeObject,
): OverridePolicy[] {
  const own = namespace ? store.list('OverridePolicy', { namespace }) : []
  return [...store.list('ClusterOverridePolicy'), ...own].map(
    ({ metadata, spec }) =>
      ({
        name: metadata.name,
        ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
        spec,
      }) as OverridePolicy,
  )
}

function removeWork({ store }: ControlPlane, work: KubeObject): void {
  if (work.metadata.deletionTimestamp) return
  store.remove('Work', work.metadata.namespace, work.metadata.name)
}

function release({ store }: ControlPlane, binding: KubeObject): void {
  const { kind, metadata } = binding
  const finalizer = bindingFinalizer(kind)
  if (!listAt(metadata, 'finalizers').includes(finalizer)) return
  store.modify(kind, metadata.namespace, metadata.name, draft => {
    draft.metadata.finalizers = draft.metadata.finalizers?.filter(each => each !== finalizer) ?? []
  })
}
