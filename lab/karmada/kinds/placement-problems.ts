import { type FieldProblem, forbiddenValue, invalidValue } from '@meridian/lab-kube-api'
import type { Placement, ReplicaScheduling, SpreadConstraint } from '../types.ts'

/** What Karmada's webhook and schema refuse in a placement. */
export function placementProblems(placement: Placement): FieldProblem[] {
  const problems: FieldProblem[] = []
  if (placement.clusterAffinity && placement.clusterAffinities) {
    const rule = 'clusterAffinities can not co-exist with clusterAffinity'
    problems.push(forbiddenValue('spec.placement.clusterAffinities', rule))
  }
  return [
    ...problems,
    ...schedulingProblems(placement.replicaScheduling ?? {}),
    ...spreadProblems(placement.spreadConstraints ?? []),
  ]
}

function schedulingProblems(scheduling: ReplicaScheduling): FieldProblem[] {
  const at = 'spec.placement.replicaScheduling'
  const problems = [
    ...oneOf(`${at}.replicaSchedulingType`, scheduling.replicaSchedulingType, ['Divided', 'Duplicated']),
    ...oneOf(`${at}.replicaDivisionPreference`, scheduling.replicaDivisionPreference, [
      'Aggregated',
      'Weighted',
    ]),
    ...oneOf(`${at}.weightPreference.dynamicWeight`, scheduling.weightPreference?.dynamicWeight, [
      'AvailableReplicas',
    ]),
  ]
  scheduling.weightPreference?.staticWeightList?.forEach(({ weight }, index) => {
    if (Number.isInteger(weight) && weight >= 1) return
    const field = `${at}.weightPreference.staticWeightList[${index}].weight`
    problems.push(invalidValue(field, weight, 'should be greater than or equal to 1'))
  })
  return problems
}

function spreadProblems(constraints: readonly SpreadConstraint[]): FieldProblem[] {
  const at = 'spec.placement.spreadConstraints'
  const problems: FieldProblem[] = []
  constraints.forEach(({ minGroups = 1, maxGroups }, index) => {
    if (maxGroups !== undefined && maxGroups < minGroups) {
      const rule = 'maxGroups should not be lower than minGroups'
      problems.push(invalidValue(`${at}[${index}]`, { minGroups, maxGroups }, rule))
    }
  })
  const fields = constraints.map(each => each.spreadByField).filter(Boolean)
  if (fields.length > 0 && !fields.includes('cluster')) {
    const rule =
      'the cluster spread constraint must be enabled in one of the constraints in case of SpreadByField is enabled'
    problems.push(invalidValue(at, constraints, rule))
  }
  return problems
}

function oneOf(field: string, value: string | undefined, allowed: readonly string[]): FieldProblem[] {
  if (value === undefined || allowed.includes(value)) return []
  const list = allowed.map(each => JSON.stringify(each)).join(', ')
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`
  return [{ field, reason: 'FieldValueNotSupported', message }]
}
