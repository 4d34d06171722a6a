import {
  column,
  columns,
  type FieldProblem,
  forbiddenValue,
  invalid,
  invalidValue,
  isFields,
  type Kind,
  type KubeObject,
  requiredValue,
  textAt,
  valueAt,
} from '../../api/index.ts'
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
  prepare: object => preparePropagation(propagationPolicyKind, object),
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
  prepare: object => preparePropagation(clusterPropagationPolicyKind, object),
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

function preparePropagation(kind: Kind, object: KubeObject): void {
  const given = (isFields(object.spec) ? object.spec : {}) as PolicySpec
  const spec = {
    ...given,
    ...defaultSelectors(given.resourceSelectors, object.metadata.namespace),
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

function prepareOverride(kind: Kind, object: KubeObject): void {
  const given = (isFields(object.spec) ? object.spec : {}) as OverridePolicySpec
  const spec = { ...given, ...defaultSelectors(given.resourceSelectors, object.metadata.namespace) }
  object.spec = spec
  const problems = selectorProblems(spec.resourceSelectors, object.metadata.namespace, false)
  const { overrideRules = [], overriders } = spec
  if (overrideRules.length > 0 && overriders) {
    problems.push(forbiddenValue('spec', 'overrideRules and overriders can not co-exist'))
  }
  if (!spec.overrideRules && !overriders) problems.push(requiredValue('spec.overrideRules'))
  overrideRules.forEach((rule, index) => {
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
