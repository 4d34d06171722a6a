import { randomUUID } from 'node:crypto'
import type { KubeObject } from '../../api/index.ts'
import { type ControlLoop, keyOf, splitKey, startControlLoop } from '../../control-loop.ts'
import type { ControlPlane } from '../control-plane.ts'
import { type Dependency, findDependencies } from '../find-dependencies.ts'
import { findTemplate } from '../map-kinds.ts'
import { bindingFinalizer, bindingName } from '../names.ts'
import type { BindingSpec } from '../needs-scheduling.ts'
import { permanentIdLabel } from '../works.ts'

type RequiredBy = NonNullable<BindingSpec['requiredBy']>[number]
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
  const wanted = binding ? dependenciesOf(plane, binding) : []
  const clusters = (binding?.spec as BindingSpec | undefined)?.clusters ?? []
  for (const dependency of wanted) attach(plane, { namespace, name, clusters }, dependency)
  const names = wanted.map(each => bindingName(each.kind, each.name))
  for (const attached of plane.store.list('ResourceBinding', { namespace })) {
    if (!names.includes(attached.metadata.name)) detach(plane, attached, name)
  }
}

function dependenciesOf(plane: ControlPlane, binding: KubeObject): Dependency[] {
  const { propagateDeps, resource } = binding.spec as BindingSpec
  const template = propagateDeps ? findTemplate(plane, resource) : undefined
  if (!template || binding.metadata.deletionTimestamp) return []
  return findDependencies(template).filter(each => plane.store.get(each.kind, resource.namespace, each.name))
}

function attach({ store }: ControlPlane, by: RequiredBy, { kind, name }: Dependency): void {
  const object = store.get(kind, by.namespace, name)
  if (!object) return
  const present = store.get('ResourceBinding', by.namespace, bindingName(kind, name))
  if (present) {
    store.modify('ResourceBinding', by.namespace, present.metadata.name, draft => {
      const spec = draft.spec as BindingSpec
      const others = (spec.requiredBy ?? []).filter(each => each.name !== by.name)
      const resource = { ...spec.resource, resourceVersion: object.metadata.resourceVersion }
      draft.spec = { ...spec, resource, requiredBy: [...others, by] }
    })
    return
  }
  const { apiVersion, metadata } = object
  const { uid = '', resourceVersion } = metadata
  store.create('ResourceBinding', {
    apiVersion: 'work.karmada.io/v1alpha2',
    kind: 'ResourceBinding',
    metadata: {
      name: bindingName(kind, name),
      namespace: by.namespace,
      labels: { [permanentIdLabel]: randomUUID() },
      finalizers: [bindingFinalizer],
      ownerReferences: [{ apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true }],
    },
    spec: {
      resource: { apiVersion, kind, namespace: by.namespace, name, uid, resourceVersion },
      requiredBy: [by],
    },
  })
}

// A binding that only dependants wanted goes with the last of them.
function detach({ store }: ControlPlane, attached: KubeObject, dependant: string): void {
  const spec = attached.spec as BindingSpec
  if (!spec.requiredBy?.some(each => each.name === dependant)) return
  const { namespace, name } = attached.metadata
  const others = spec.requiredBy.filter(each => each.name !== dependant)
  if (others.length === 0 && !spec.placement) {
    store.remove('ResourceBinding', namespace, name)
    return
  }
  store.modify('ResourceBinding', namespace, name, draft => {
    draft.spec = { ...spec, requiredBy: others }
  })
}
