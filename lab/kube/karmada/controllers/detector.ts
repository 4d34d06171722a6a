import { randomUUID } from 'node:crypto'
import { type KubeObject, type StoreEvent, sameJson, textAt } from '../../api/index.ts'
import { type ControlLoop, startControlLoop } from '../../control-loop.ts'
import { bindingKindFor, buildBinding } from '../build-binding.ts'
import type { ControlPlane } from '../control-plane.ts'
import { findTemplate } from '../map-kinds.ts'
import { choosePolicy, matchPriority } from '../match-policy.ts'
import { bindingFinalizer, bindingName } from '../names.ts'
import { tell } from '../tell.ts'
import type { ResourceSelector } from '../types.ts'
import { permanentIdLabel } from '../works.ts'

const ownGroups = /(^|\.)karmada\.io$/
const skippedKinds = new Set(['Event', 'Namespace', 'APIService'])
const reservedNamespace = /^(kube|karmada)-/

export type Policy = KubeObject & {
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
  considerAll()
  const stop = store.watch('*', event => {
    if (isPolicy(event.object) && event.type === 'DELETED') release(plane, event.object)
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
  return !reservedNamespace.test(metadata.namespace ?? '')
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
  const bindingKind = bindingKindFor(template)
  const wanted = buildBinding(claimed, policy)
  const present = plane.store.get(bindingKind, namespace || undefined, bindingName(kind, name))
  if (!present) {
    const metadata = {
      ...wanted.metadata,
      labels: { ...wanted.metadata.labels, [permanentIdLabel]: randomUUID() },
      finalizers: [bindingFinalizer],
    }
    plane.store.create(bindingKind, { ...wanted, metadata })
    tellPolicy(plane, claimed, policy)
    return
  }
  if (present.metadata.deletionTimestamp)
    throw new Error('the binding of a former template is still being removed')
  plane.store.modify(bindingKind, namespace || undefined, present.metadata.name, draft => {
    const { suspension: _former, ...spec } = draft.spec as { suspension?: unknown }
    draft.spec = { ...spec, ...(wanted.spec as object) }
    draft.metadata.labels = { ...draft.metadata.labels, ...wanted.metadata.labels }
    draft.metadata.annotations = { ...draft.metadata.annotations, ...wanted.metadata.annotations }
    draft.metadata.ownerReferences = wanted.metadata.ownerReferences ?? []
  })
}

function tellPolicy(plane: ControlPlane, template: KubeObject, { metadata }: Policy): void {
  const { namespace, name } = metadata
  const message = namespace
    ? `Apply policy(${namespace}/${name}) succeed`
    : `Apply cluster policy(${name}) succeed`
  tell(plane, [template], { reason: 'ApplyPolicySucceed', message, component: 'resource-detector' })
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
  const prefix = policy.kind.toLowerCase()
  const claimed = textAt(template, 'metadata', 'annotations', `${prefix}.karmada.io/name`)
  if (claimed !== policy.metadata.name || policy.metadata.deletionTimestamp) return false
  const selectors = policy.spec.resourceSelectors ?? []
  return selectors.some(each => matchPriority(template, each, policy.metadata.namespace) > 0)
}

const isPolicy = ({ kind }: KubeObject) => kind === 'PropagationPolicy' || kind === 'ClusterPropagationPolicy'

/** Takes the claims of a policy that is gone off templates and bindings; what was propagated stays as it is. */
function release(plane: ControlPlane, policy: KubeObject): void {
  const { store } = plane
  const prefix = `${policy.kind.toLowerCase()}.karmada.io`
  const { namespace, uid } = policy.metadata
  const place = namespace ? { namespace } : {}
  const bindings = ['ResourceBinding', 'ClusterResourceBinding'].flatMap(kind => store.list(kind, place))
  for (const { kind, metadata } of [...templates(plane, namespace), ...bindings]) {
    if (metadata.labels?.[`${prefix}/permanent-id`] !== uid) continue
    const change = (draft: KubeObject) => {
      delete draft.metadata.labels?.[`${prefix}/permanent-id`]
      delete draft.metadata.annotations?.[`${prefix}/name`]
      delete draft.metadata.annotations?.[`${prefix}/namespace`]
    }
    store.modify(kind, metadata.namespace, metadata.name, change, { manager: 'karmada-controller-manager' })
  }
}

function claim({ store }: ControlPlane, template: KubeObject, policy: Policy): KubeObject {
  const prefix = `${policy.kind.toLowerCase()}.karmada.io`
  const { namespace, name, uid = '' } = policy.metadata
  const change = (draft: KubeObject) => {
    const annotations = {
      [`${prefix}/name`]: name,
      ...(namespace ? { [`${prefix}/namespace`]: namespace } : {}),
    }
    draft.metadata.annotations = { ...draft.metadata.annotations, ...annotations }
    draft.metadata.labels = { ...draft.metadata.labels, [`${prefix}/permanent-id`]: uid }
  }
  const { metadata, kind } = template
  const options = { manager: 'karmada-controller-manager' }
  return store.modify(kind, metadata.namespace, metadata.name, change, options) ?? template
}
