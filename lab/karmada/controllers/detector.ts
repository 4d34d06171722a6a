import { randomUUID } from 'node:crypto'
import { type ControlLoop, startControlLoop } from '@meridian/lab-clusters/control-loop'
import {
  apiVersionOf,
  type KubeObject,
  resourceName,
  type Store,
  type StoreEvent,
} from '@meridian/lab-kube-api'
import { sameJson } from '@meridian/lab-world/json'
import { bindingKindFor, buildBinding } from '../build-binding.ts'
import type { ControlPlane } from '../control-plane.ts'
import { templateReplicas } from '../interpret-replicas.ts'
import { findTemplate } from '../map-kinds.ts'
import { choosePolicy, matchPriority } from '../match-policy.ts'
import { bindingFinalizer, bindingName, isReservedNamespace, policyFinalizers } from '../names.ts'
import type { BindingSpec } from '../needs-scheduling.ts'
import { tell } from '../tell.ts'
import type { ResourceSelector } from '../types.ts'
import { clusterPermanentIdLabel, permanentIdLabel } from '../works.ts'

const component = 'resource-detector'
const ownGroups = /(^|\.)karmada\.io$/
const skippedKinds = new Set(['Event', 'Namespace', 'APIService'])

type Policy = KubeObject & {
  spec: { resourceSelectors?: ResourceSelector[]; priority?: number; [field: string]: unknown }
}

/** Finds the policy of every template and keeps the binding that says so. */
export function startDetector(plane: ControlPlane): ControlLoop {
  const { store } = plane
  const loop = startControlLoop({ clock: plane.world.clock, reconcile: key => reconcile(plane, key) })
  const consider = (object: KubeObject) => {
    if (isTemplate(plane, object)) loop.add(templateKey(object))
  }
  const considerAll = () => {
    for (const object of templates(plane, undefined)) consider(object)
  }
  for (const kind of Object.keys(policyFinalizers))
    for (const policy of store.list(kind)) attend(plane, { policy: policy as Policy })
  considerAll()
  const stop = store.watch('*', event => {
    if (isPolicy(event.object)) attend(plane, policyChange(event))
    const { namespace } = event.object.metadata
    if (event.kind.kind === 'PropagationPolicy')
      for (const object of namedTemplates(event) ?? templates(plane, namespace)) consider(object)
    else if (event.kind.kind === 'ClusterPropagationPolicy') considerAll()
    else if (saysSomethingNew(event)) consider(event.object)
  })
  return {
    ...loop,
    stop() {
      stop()
      loop.stop()
    },
  }
}

// A template's own status, written by Karmada itself, is no reason to look at it again.
function saysSomethingNew({ type, object, previous }: StoreEvent): boolean {
  return type !== 'MODIFIED' || !previous || !sameJson(substance(object), substance(previous))
}

function substance({ status: _status, metadata, ...content }: KubeObject): unknown {
  const { labels, annotations, deletionTimestamp } = metadata
  return { ...content, labels, annotations, deletionTimestamp }
}

function isTemplate(plane: ControlPlane, { kind, apiVersion, metadata }: KubeObject): boolean {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
  if (ownGroups.test(group) || skippedKinds.has(kind) || !plane.store.findKind(kind)) return false
  return !isReservedNamespace(metadata.namespace ?? '')
}

function templates({ store }: ControlPlane, namespace: string | undefined): KubeObject[] {
  const kinds = store.kinds().filter(kind => !ownGroups.test(kind.group) && !skippedKinds.has(kind.kind))
  return kinds.flatMap(kind =>
    namespace && !kind.namespaced ? [] : store.list(kind.kind, namespace ? { namespace } : {}),
  )
}

/** What a policy selects, and has selected until now, where it does so by names alone; undefined where it does not. */
function namedTemplates({ type, object, previous }: StoreEvent): KubeObject[] | undefined {
  const selectors = [object, previous].flatMap(
    each => (each as Policy | undefined)?.spec.resourceSelectors ?? [],
  )
  if (type === 'DELETED') return undefined
  const { namespace } = object.metadata
  const named = selectors.flatMap(({ apiVersion, kind, name }) =>
    name && namespace ? [{ apiVersion, kind, metadata: { name, namespace } }] : [],
  )
  return named.length === selectors.length ? named : undefined
}

function templateKey({ apiVersion, kind, metadata }: KubeObject): string {
  return `${apiVersion}|${kind}|${metadata.namespace ?? ''}|${metadata.name}`
}

function reconcile(plane: ControlPlane, key: string): undefined {
  const [apiVersion = '', kind = '', namespace, name = ''] = key.split('|')
  const template = findTemplate(plane, { apiVersion, kind, name, ...(namespace && { namespace }) })
  if (!template || template.metadata.deletionTimestamp) return
  const policy = policyFor(plane, template)
  if (!policy) return
  const claimed = claim(plane, template, policy)
  tellReplicas(plane, claimed)
  const bindingKind = bindingKindFor(template)
  const wanted = buildBinding(claimed, policy)
  const present = plane.store.get(bindingKind, namespace || undefined, bindingName(kind, name))
  if (!present) {
    const metadata = {
      ...wanted.metadata,
      labels: {
        ...wanted.metadata.labels,
        [namespace ? permanentIdLabel : clusterPermanentIdLabel]: randomUUID(),
      },
      finalizers: [bindingFinalizer(bindingKind)],
    }
    plane.store.create(bindingKind, { ...wanted, metadata })
    tellPolicy(plane, claimed, policy)
    return
  }
  if (present.metadata.deletionTimestamp)
    throw new Error('the binding of a former template is still being removed')
  const next = plane.store.modify(bindingKind, namespace || undefined, present.metadata.name, draft => {
    const {
      suspension: _suspension,
      replicas: _replicas,
      replicaRequirements: _requirements,
      ...spec
    } = draft.spec as BindingSpec
    draft.spec = { ...spec, ...(wanted.spec as object) }
    draft.metadata.labels = { ...draft.metadata.labels, ...wanted.metadata.labels }
    draft.metadata.annotations = { ...draft.metadata.annotations, ...wanted.metadata.annotations }
    draft.metadata.ownerReferences = wanted.metadata.ownerReferences ?? []
  })
  if (next?.metadata.resourceVersion !== present.metadata.resourceVersion) tellPolicy(plane, claimed, policy)
}

function tellPolicy(plane: ControlPlane, template: KubeObject, { metadata }: Policy): void {
  const { namespace, name } = metadata
  const message = namespace
    ? `Apply policy(${namespace}/${name}) succeed`
    : `Apply cluster policy(${name}) succeed`
  tell(plane, [template], { reason: 'ApplyPolicySucceed', message, component })
}

function tellReplicas(plane: ControlPlane, template: KubeObject): void {
  if (templateReplicas(template) === undefined) return
  const message = 'Get replicas of resource template successfully.'
  tell(plane, [template], { reason: 'GetReplicasSucceed', message, component })
}

function policyFor({ store }: ControlPlane, template: KubeObject): Policy | undefined {
  const { namespace } = template.metadata
  const own = namespace ? (store.list('PropagationPolicy', { namespace }) as Policy[]) : []
  const wide = store.list('ClusterPropagationPolicy') as Policy[]
  // Policies do not take templates away from each other: the one that has claimed a template keeps it.
  const holder = [...own, ...wide].find(policy => holds(policy, template))
  return holder ?? choosePolicy(template, own) ?? choosePolicy(template, wide)
}

function holds(policy: Policy, template: KubeObject): boolean {
  const label = claimLabel(policy)
  const claimed = template.metadata.labels?.[label]
  if (!claimed || claimed !== policy.metadata.labels?.[label]) return false
  if (policy.metadata.deletionTimestamp) return false
  const selectors = policy.spec.resourceSelectors ?? []
  return selectors.some(each => matchPriority(template, each, policy.metadata.namespace) > 0)
}

const isPolicy = ({ kind }: KubeObject) => kind === 'PropagationPolicy' || kind === 'ClusterPropagationPolicy'

const claimLabel = ({ kind }: KubeObject) => `${kind.toLowerCase()}.karmada.io/permanent-id`

type PolicyChange = { policy: Policy; previous?: Policy; gone?: boolean }

function policyChange({ type, object, previous }: StoreEvent): PolicyChange {
  return {
    policy: object as Policy,
    ...(previous ? { previous: previous as Policy } : {}),
    gone: type === 'DELETED',
  }
}

/** Lets go of what a policy has claimed and does not select any more, of all of it before the policy itself goes. */
function attend({ store }: ControlPlane, { policy, previous, gone = false }: PolicyChange): void {
  const { kind, metadata } = policy
  const leaving = gone || metadata.deletionTimestamp !== undefined
  const selectors = selectorsOf(policy)
  const former = selectorsOf(previous)
  if (!leaving && (!previous || sameJson(selectors, former))) return
  for (const template of claimedBy(store, policy, [...selectors, ...former])) {
    const isSelected = selectors.some(each => matchPriority(template, each, metadata.namespace) > 0)
    if (leaving || !isSelected) release(store, template, policy)
  }
  const finalizer = policyFinalizers[kind] ?? ''
  if (!leaving || gone || !metadata.finalizers?.includes(finalizer)) return
  store.modify(kind, metadata.namespace, metadata.name, draft => {
    draft.metadata.finalizers = draft.metadata.finalizers?.filter(each => each !== finalizer) ?? []
  })
}

const selectorsOf = (policy: Policy | undefined) => policy?.spec.resourceSelectors ?? []

/** What a policy has claimed of the kinds that it selects; a kind that has gone has nothing left. */
function claimedBy(store: Store, policy: Policy, selectors: readonly ResourceSelector[]): KubeObject[] {
  const label = claimLabel(policy)
  const id = policy.metadata.labels?.[label]
  const { namespace } = policy.metadata
  const kinds = store
    .kinds()
    .filter(each =>
      selectors.some(({ apiVersion, kind }) => kind === each.kind && apiVersion === apiVersionOf(each)),
    )
  if (!id) return []
  return kinds.flatMap(kind =>
    namespace && !kind.namespaced
      ? []
      : store.list(resourceName(kind), { ...(namespace ? { namespace } : {}), labels: { [label]: id } }),
  )
}

function isClaimed({ metadata: { labels = {} } }: KubeObject, policy: KubeObject): boolean {
  const label = claimLabel(policy)
  return labels[label] !== undefined && labels[label] === policy.metadata.labels?.[label]
}

// The binding first: it is found by its template. What was propagated stays as it is.
function release(store: Store, template: KubeObject, policy: KubeObject): void {
  const prefix = `${policy.kind.toLowerCase()}.karmada.io`
  const change = (draft: KubeObject) => {
    if (!isClaimed(draft, policy)) return
    delete draft.metadata.labels?.[`${prefix}/permanent-id`]
    delete draft.metadata.annotations?.[`${prefix}/name`]
    delete draft.metadata.annotations?.[`${prefix}/namespace`]
  }
  const { namespace, name } = template.metadata
  const options = { manager: 'karmada-controller-manager' }
  store.modify(bindingKindFor(template), namespace, bindingName(template.kind, name), change, options)
  store.modify(template.kind, namespace, name, change, options)
}

function claim({ store }: ControlPlane, template: KubeObject, policy: Policy): KubeObject {
  const prefix = `${policy.kind.toLowerCase()}.karmada.io`
  const { namespace, name, labels = {} } = policy.metadata
  const change = (draft: KubeObject) => {
    const annotations = {
      [`${prefix}/name`]: name,
      ...(namespace ? { [`${prefix}/namespace`]: namespace } : {}),
    }
    draft.metadata.annotations = { ...draft.metadata.annotations, ...annotations }
    draft.metadata.labels = {
      ...draft.metadata.labels,
      [claimLabel(policy)]: labels[claimLabel(policy)] ?? '',
    }
  }
  const { metadata, kind } = template
  const options = { manager: 'karmada-controller-manager' }
  return store.modify(kind, metadata.namespace, metadata.name, change, options) ?? template
}
