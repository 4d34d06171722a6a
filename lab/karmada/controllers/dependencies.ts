import { randomUUID } from 'node:crypto'
import { type ControlLoop, keyOf, splitKey, startControlLoop } from '@meridian/lab-clusters/control-loop'
import type { KubeObject } from '@meridian/lab-kube-api'
import type { ControlPlane } from '../control-plane.ts'
import { type Dependency, findDependencies } from '../find-dependencies.ts'
import { findTemplate } from '../map-kinds.ts'
import { bindingFinalizer, bindingName, dependenciesFinalizer, encodeHash } from '../names.ts'
import type { BindingSpec } from '../needs-scheduling.ts'
import { tell } from '../tell.ts'
import { permanentIdLabel } from '../works.ts'

type RequiredBy = NonNullable<BindingSpec['requiredBy']>[number]
const component = 'dependencies-distributor'
const dependenciesAnnotation = 'resourcebinding.karmada.io/dependencies'
const kinds = ['ConfigMap', 'Secret', 'ServiceAccount', 'PersistentVolumeClaim']

/** With `propagateDeps`, what a workload's pods use follows it to the same members. */
export function startDependencies(plane: ControlPlane): ControlLoop {
  const loop = startControlLoop({ clock: plane.world.clock, reconcile: key => reconcile(plane, key) })
  loop.follow(plane.store, 'ResourceBinding', object => [keyOf(object)])
  for (const kind of kinds) {
    loop.follow(plane.store, kind, ({ metadata: { namespace = '' } }) => requiring(plane, namespace))
  }
  return loop
}

function requiring({ store }: ControlPlane, namespace: string): string[] {
  const bindings = store.list('ResourceBinding', { namespace })
  return bindings.filter(binding => (binding.spec as BindingSpec).propagateDeps).map(keyOf)
}

function reconcile(plane: ControlPlane, key: string): undefined {
  const [namespace = '', name] = splitKey(key)
  const binding = plane.store.get('ResourceBinding', namespace, name)
  const spec = binding?.spec as BindingSpec | undefined
  if (!binding || !spec?.propagateDeps || binding.metadata.deletionTimestamp) {
    for (const attached of attachedTo(plane, namespace, name)) detach(plane, attached, name)
    if (binding) finalize(plane, binding, false)
    return
  }
  // Before the first schedule there is nowhere to send anything to.
  if (!spec.clusters?.length && !binding.metadata.finalizers?.includes(dependenciesFinalizer)) return
  const template = findTemplate(plane, spec.resource)
  const dependencies = template && findDependencies(template)
  if (!dependencies) return
  record(plane, finalize(plane, binding, true), template, dependencies)
  const wanted = dependencies.map(each => bindingName(each.kind, each.name))
  for (const attached of attachedTo(plane, namespace, name)) {
    if (!wanted.includes(attached.metadata.name)) detach(plane, attached, name)
  }
  for (const dependency of dependencies) attach(plane, binding, dependency)
}

/** The bindings that a dependant has had made, or joined. */
function attachedTo({ store }: ControlPlane, namespace: string, name: string): KubeObject[] {
  const requires = ({ spec }: KubeObject) =>
    (spec as BindingSpec).requiredBy?.some(each => each.name === name)
  return store.list('ResourceBinding', { namespace }).filter(requires)
}

function finalize({ store }: ControlPlane, binding: KubeObject, held: boolean): KubeObject {
  const { namespace, name, finalizers = [] } = binding.metadata
  if (finalizers.includes(dependenciesFinalizer) === held) return binding
  const others = finalizers.filter(each => each !== dependenciesFinalizer)
  const change = (draft: KubeObject) => {
    draft.metadata.finalizers = held ? [...others, dependenciesFinalizer] : others
  }
  return store.modify('ResourceBinding', namespace, name, change) ?? binding
}

// As Go writes a list: one that has never held anything is null.
function record(
  plane: ControlPlane,
  { metadata }: KubeObject,
  template: KubeObject,
  dependencies: readonly Dependency[],
): void {
  const { namespace } = metadata
  const listed = dependencies.map(({ kind, name }) => ({ apiVersion: 'v1', kind, namespace, name }))
  const text = JSON.stringify(listed.length > 0 ? listed : null)
  if (metadata.annotations?.[dependenciesAnnotation] === text) return
  const change = (draft: KubeObject) => {
    draft.metadata.annotations = { ...draft.metadata.annotations, [dependenciesAnnotation]: text }
  }
  const binding = plane.store.modify('ResourceBinding', namespace, metadata.name, change)
  const shown = listed.map(
    each => `{APIVersion:v1 Kind:${each.kind} Namespace:${namespace} Name:${each.name} LabelSelector:<nil>}`,
  )
  const message = `Get dependencies([${shown.join(' ')}]) succeed.`
  tell(plane, [template], { reason: 'GetDependenciesSucceed', message, component })
  tell(plane, [binding], {
    reason: 'SyncScheduleResultToDependenciesSucceed',
    message: 'Sync schedule results to dependencies succeed.',
    component,
  })
}

function attach({ store }: ControlPlane, dependant: KubeObject, { kind, name }: Dependency): void {
  const { namespace = '', labels = {} } = dependant.metadata
  const object = store.get(kind, namespace, name)
  if (!object) return
  const spec = dependant.spec as BindingSpec
  const by: RequiredBy = { namespace, name: dependant.metadata.name, clusters: spec.clusters ?? [] }
  const { apiVersion, metadata } = object
  const { uid = '', resourceVersion } = metadata
  const resource = { apiVersion, kind, namespace, name, uid, resourceVersion }
  const depended = { [dependedBy(by)]: labels[permanentIdLabel] ?? '' }
  const present = store.get('ResourceBinding', namespace, bindingName(kind, name))
  if (present) {
    store.modify('ResourceBinding', namespace, present.metadata.name, draft => {
      const own = draft.spec as BindingSpec
      const others = (own.requiredBy ?? []).filter(each => each.name !== by.name)
      draft.spec = {
        ...own,
        resource,
        requiredBy: [...others, by],
        ...(own.placement ? {} : inherited(spec)),
      }
      draft.metadata.labels = { ...draft.metadata.labels, ...depended }
    })
    return
  }
  store.create('ResourceBinding', {
    apiVersion: 'work.karmada.io/v1alpha2',
    kind: 'ResourceBinding',
    metadata: {
      name: bindingName(kind, name),
      namespace,
      labels: { [permanentIdLabel]: randomUUID(), ...depended },
      finalizers: [bindingFinalizer('ResourceBinding')],
      ownerReferences: [{ apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true }],
    },
    spec: { resource, requiredBy: [by], ...inherited(spec) },
  })
}

// What only dependants want goes by their rules.
function inherited({ conflictResolution, preserveResourcesOnDeletion }: BindingSpec): Partial<BindingSpec> {
  return {
    ...(conflictResolution ? { conflictResolution } : {}),
    ...(preserveResourcesOnDeletion === undefined ? {} : { preserveResourcesOnDeletion }),
  }
}

// A binding that nobody wants any more stays, without a target, as long as its template does.
function detach({ store }: ControlPlane, attached: KubeObject, dependant: string): void {
  const { namespace = '', name } = attached.metadata
  store.modify('ResourceBinding', namespace, name, draft => {
    const spec = draft.spec as BindingSpec
    delete draft.metadata.labels?.[dependedBy({ namespace, name: dependant })]
    const { requiredBy = [], ...rest } = spec
    const others = requiredBy.filter(each => each.name !== dependant)
    draft.spec = others.length > 0 ? { ...rest, requiredBy: others } : rest
  })
}

/** The label by which an attached binding names its dependant. */
function dependedBy({ namespace, name }: Pick<RequiredBy, 'namespace' | 'name'>): string {
  return `resourcebinding.karmada.io/depended-by-${encodeHash(`${namespace}/${name}`)}`
}
