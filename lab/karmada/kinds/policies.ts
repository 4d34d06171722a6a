import { randomUUID } from 'node:crypto'
import {
  column,
  columns,
  type FieldProblem,
  invalid,
  invalidValue,
  type Kind,
  type KubeObject,
  requiredValue,
} from '@meridian/lab-kube-api'
import { isFields, textAt, valueAt } from '@meridian/lab-world/json'
import { policyFinalizers } from '../names.ts'
import type { BindingSpec } from '../needs-scheduling.ts'
import type { OverridePolicySpec } from '../override.ts'
import type { Placement, ResourceSelector } from '../types.ts'
import { karmadaSchema } from './karmada-schemas.ts'
import { placementProblems } from './placement-problems.ts'

type PolicySpec = {
  resourceSelectors?: ResourceSelector[]
  placement?: Placement
  suspension?: BindingSpec['suspension']
}

const group = 'policy.karmada.io'
const version = 'v1alpha1'
const base = { group, version, categories: ['karmada-io'], generation: true } as const

const propagationColumns = columns([
  column('Conflict-Resolution', object => textAt(object, 'spec', 'conflictResolution')),
  column('Priority', object => textAt(object, 'spec', 'priority')),
])

export const propagationPolicyKind: Kind = {
  ...base,
  kind: 'PropagationPolicy',
  schema: karmadaSchema('PropagationPolicy'),
  plural: 'propagationpolicies',
  singular: 'propagationpolicy',
  shortNames: ['pp'],
  namespaced: true,
  columns: propagationColumns,
  prepare: (object, previous) => preparePropagation(propagationPolicyKind, object, previous),
}

export const clusterPropagationPolicyKind: Kind = {
  ...base,
  kind: 'ClusterPropagationPolicy',
  schema: karmadaSchema('ClusterPropagationPolicy'),
  plural: 'clusterpropagationpolicies',
  singular: 'clusterpropagationpolicy',
  shortNames: ['cpp'],
  namespaced: false,
  columns: propagationColumns,
  prepare: (object, previous) => preparePropagation(clusterPropagationPolicyKind, object, previous),
}

export const overridePolicyKind: Kind = {
  ...base,
  kind: 'OverridePolicy',
  schema: karmadaSchema('OverridePolicy'),
  plural: 'overridepolicies',
  singular: 'overridepolicy',
  shortNames: ['op'],
  namespaced: true,
  columns: columns([]),
  prepare: object => prepareOverride(overridePolicyKind, object),
}

export const clusterOverridePolicyKind: Kind = {
  ...base,
  kind: 'ClusterOverridePolicy',
  schema: karmadaSchema('ClusterOverridePolicy'),
  plural: 'clusteroverridepolicies',
  singular: 'clusteroverridepolicy',
  shortNames: ['cop'],
  namespaced: false,
  columns: columns([]),
  prepare: object => prepareOverride(clusterOverridePolicyKind, object),
}

/** What the webhook writes into a new policy, by which templates and bindings say whose they are. */
function identifyPolicy({ metadata, kind }: KubeObject): void {
  metadata.labels = { ...metadata.labels, [`${kind.toLowerCase()}.karmada.io/permanent-id`]: randomUUID() }
  const finalizer = policyFinalizers[kind]
  const finalizers = metadata.finalizers ?? []
  if (finalizer && !finalizers.includes(finalizer)) metadata.finalizers = [...finalizers, finalizer]
}

function preparePropagation(kind: Kind, object: KubeObject, previous: KubeObject | undefined): void {
  if (!previous) identifyPolicy(object)
  const given = (isFields(object.spec) ? object.spec : {}) as PolicySpec
  const spec = {
    ...given,
    ...defaultSelectors(given.resourceSelectors, object.metadata.namespace),
    ...(given.placement ? { placement: weighBy(given.placement) } : {}),
    conflictResolution: valueAt(given, 'conflictResolution') ?? 'Abort',
    preemption: valueAt(given, 'preemption') ?? 'Never',
    priority: valueAt(given, 'priority') ?? 0,
    schedulerName: valueAt(given, 'schedulerName') ?? 'default-scheduler',
  }
  object.spec = spec
  const problems = [
    ...selectorProblems(spec.resourceSelectors, object.metadata.namespace, true),
    ...placementProblems(spec.placement ?? {}),
  ]
  if (spec.suspension?.dispatching && spec.suspension.dispatchingOnClusters?.clusterNames?.length) {
    const words = 'suspension dispatching cannot co-exist with dispatchingOnClusters.clusterNames'
    problems.push(invalidValue('spec.suspension', spec.suspension, words))
  }
  if (problems.length > 0) throw invalid(kind, object.metadata.name, problems)
}

/** What is divided is divided by weights, unless it is told otherwise. */
function weighBy(placement: Placement): Placement {
  const { replicaScheduling } = placement
  if (replicaScheduling?.replicaSchedulingType !== 'Divided') return placement
  return { ...placement, replicaScheduling: { replicaDivisionPreference: 'Weighted', ...replicaScheduling } }
}

function prepareOverride(kind: Kind, object: KubeObject): void {
  const given = (isFields(object.spec) ? object.spec : {}) as OverridePolicySpec
  const selectors = defaultSelectors(given.resourceSelectors, object.metadata.namespace)
  // Written by the webhook, which knows no policy without them.
  const spec = { ...given, ...selectors, overriders: given.overriders ?? {} }
  object.spec = spec
  const problems = selectorProblems(spec.resourceSelectors, object.metadata.namespace, false)
  const { overrideRules, overriders, targetCluster } = spec
  if (overrideRules && (targetCluster || Object.keys(overriders).length > 0)) {
    const [field, value] = targetCluster ? ['targetCluster', targetCluster] : ['overriders', overriders]
    problems.push(invalidValue(`spec.${field}`, value, `overrideRules and ${field} can't co-exist`))
  }
  overrideRules?.forEach((rule, index) => {
    const at = `spec.overrideRules[${index}].overriders`
    if (!rule.overriders) problems.push(requiredValue(at))
    for (const { path } of rule.overriders?.plaintext ?? []) {
      if (!path?.startsWith('/'))
        problems.push(invalidValue(`${at}.plaintext.path`, path, 'path must start with /'))
    }
  })
  if (problems.length > 0) throw invalid(kind, object.metadata.name, problems)
}

function defaultSelectors(selectors: ResourceSelector[] | undefined, namespace: string | undefined) {
  if (!selectors || !namespace) return {}
  return { resourceSelectors: selectors.map(each => ({ ...each, namespace: each.namespace || namespace })) }
}

function selectorProblems(
  selectors: ResourceSelector[] | undefined,
  namespace: string | undefined,
  required: boolean,
): FieldProblem[] {
  const field = 'spec.resourceSelectors'
  if (!selectors?.length) {
    return required ? [invalidValue(field, selectors?.length ?? 0, 'should have at least 1 items')] : []
  }
  return selectors.flatMap((each, index) => {
    const at = `${field}[${index}]`
    const problems: FieldProblem[] = []
    if (!each.apiVersion) problems.push(requiredValue(`${at}.apiVersion`))
    if (!each.kind) problems.push(requiredValue(`${at}.kind`))
    if (namespace && each.namespace && each.namespace !== namespace) {
      problems.push(
        invalidValue(`${at}.namespace`, each.namespace, `must be the namespace of the policy, ${namespace}`),
      )
    }
    return problems
  })
}
