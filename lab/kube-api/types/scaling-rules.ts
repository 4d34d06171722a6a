import { fieldsAt, isFields, textAt } from '@meridian/lab-world/json'
import { quantityValue } from '../schema/canonical-quantity.ts'
import {
  type FieldProblem,
  forbiddenValue,
  invalidValue,
  requiredValue,
  unsupportedValue,
} from '../status-error.ts'
import { dnsLabelRules, pathSegmentRules } from '../text-rules.ts'
import { countOrPercent } from './field-rules.ts'
import { resourceNameProblems } from './resource-rules.ts'
import {
  exactlyOneOf,
  isAbsent,
  named,
  oneOf,
  opaque,
  outside,
  partsOf,
  type Rule,
  required,
  type TypeRules,
} from './rule.ts'

const segment = named(pathSegmentRules)
const positiveQuantity: Rule = ({ value, at }) =>
  value !== undefined && quantityValue(value) <= 0n ? [invalidValue(at, value, 'must be positive')] : []
const metricTypes = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource']
const metricFields = ['object', 'external', 'pods', 'resource', 'containerResource'] as const

const metric: Rule = ({ value, at }) => {
  const given = partsOf(value)
  const type = textAt(given, 'type')
  const problems: FieldProblem[] = []
  const here = `${at}.type`
  if (type === '') problems.push(requiredValue(here, 'must specify a metric source type'))
  if (!metricTypes.includes(type))
    problems.push(unsupportedValue(here, type, metricTypes), unsupportedValue(here, type, metricTypes))
  const field = type.charAt(0).toLowerCase() + type.slice(1)
  if (metricTypes.includes(type) && given[field] === undefined)
    problems.push(requiredValue(`${at}.${field}`, 'must populate information for the given metric source'))
  const present = metricFields.filter(each => given[each] !== undefined)
  if (present.length !== 1)
    for (const other of present)
      if (other !== field)
        problems.push(forbiddenValue(`${at}.${other}`, 'must populate the given metric source only'))
  return problems
}

const target =
  (fields: readonly string[], missing: string, rule: string, both?: string): Rule =>
  ({ value, at }) => {
    const given = fields.filter(field => partsOf(value)[field] !== undefined)
    if (given.length === 0) return [requiredValue(`${at}.${missing}`, rule)]
    return both && given.length > 1 ? [forbiddenValue(`${at}.${fields[0]}`, both)] : []
  }

const ofUsage = target(
  ['averageValue', 'averageUtilization'],
  'averageUtilization',
  'must set either a target raw value or a target utilization',
  'may not set both a target raw value and a target utilization',
)

/** The rules of what scales and guards workloads. */
export const scalingRules: Readonly<Record<string, TypeRules>> = {
  'autoscaling.v2.HorizontalPodAutoscalerSpec': {
    minReplicas: ({ value, at }) =>
      typeof value === 'number' && value < 1
        ? [invalidValue(at, value, 'must be greater than or equal to 1')]
        : [],
    maxReplicas: ({ value = 0, at, within }) => [
      ...(Number(value) < 1 ? [invalidValue(at, value, 'must be greater than 0')] : []),
      ...(Number(value) < Number(within.minReplicas ?? 1)
        ? [invalidValue(at, value, 'must be greater than or equal to `minReplicas`')]
        : []),
    ],
  },
  'autoscaling.v2.CrossVersionObjectReference': {
    kind: segment,
    name: segment,
    apiVersion: ({ value, at }) =>
      String(value ?? '').split('/').length > 2
        ? [invalidValue(at, value, `unexpected GroupVersion string: ${value}`)]
        : [],
  },
  'autoscaling.v2.HorizontalPodAutoscaler': {
    'spec+': ({ value, at }) => {
      const { apiVersion = '' } = fieldsAt(value, 'scaleTargetRef')
      return String(apiVersion).includes('/')
        ? []
        : [invalidValue(`${at}.scaleTargetRef.apiVersion`, apiVersion, 'apiVersion must specify API group')]
    },
  },
  'autoscaling.v2.MetricSpec': { type: [], '': metric },
  'autoscaling.v2.MetricIdentifier': {
    selector: opaque,
    name: ({ value, at }) =>
      isAbsent(value)
        ? [requiredValue(at, 'must specify a metric name')]
        : pathSegmentRules(String(value)).map(rule => invalidValue(at, value, rule)),
  },
  'autoscaling.v2.MetricTarget': {
    type: ({ value = '', at }) => [
      ...(value === '' ? [requiredValue(at, 'must specify a metric target type')] : []),
      ...(['Utilization', 'Value', 'AverageValue'].includes(String(value))
        ? []
        : [invalidValue(at, value, 'must be either Utilization, Value, or AverageValue')]),
    ],
    value: positiveQuantity,
    averageValue: positiveQuantity,
    averageUtilization: outside(1, Number.POSITIVE_INFINITY, 'must be greater than 0'),
  },
  'autoscaling.v2.ResourceMetricSource': { name: required('must specify a resource name'), target: ofUsage },
  'autoscaling.v2.ContainerResourceMetricSource': {
    name: ({ value, at }) =>
      isAbsent(value)
        ? [requiredValue(at, 'must specify a resource name')]
        : resourceNameProblems(String(value), at),
    container: ({ value, at }) =>
      isAbsent(value)
        ? [requiredValue(at, 'must specify a container')]
        : dnsLabelRules(String(value)).map(rule => invalidValue(at, value, rule)),
    target: ofUsage,
  },
  'autoscaling.v2.PodsMetricSource': {
    metric: [],
    target: target(['averageValue'], 'averageValue', 'must specify a positive target averageValue'),
  },
  'autoscaling.v2.ObjectMetricSource': {
    describedObject: [],
    metric: [],
    target: target(
      ['value', 'averageValue'],
      'averageValue',
      'must set either a target value or averageValue',
    ),
  },
  'autoscaling.v2.ExternalMetricSource': {
    metric: [],
    target: target(
      ['value', 'averageValue'],
      'averageValue',
      'must set either a target value for metric or a per-pod target',
      'may not set both a target value for metric and a per-pod target',
    ),
  },
  'autoscaling.v2.HPAScalingRules': {
    stabilizationWindowSeconds: ({ value, at }) => {
      const seconds = Number(value ?? 0)
      if (seconds < 0) return [invalidValue(at, value, 'must be greater than or equal to zero')]
      return seconds > 3600 ? [invalidValue(at, value, 'must be less than or equal to 3600')] : []
    },
    selectPolicy: oneOf('Disabled', 'Max', 'Min'),
    policies: required('must specify at least one Policy'),
  },
  'autoscaling.v2.HPAScalingPolicy': {
    type: exactlyOneOf('Percent', 'Pods'),
    value: ({ value = 0, at }) =>
      Number(value) > 0 ? [] : [invalidValue(at, value, 'must be greater than zero')],
    periodSeconds: ({ value = 0, at }) => {
      if (Number(value) <= 0) return [invalidValue(at, value, 'must be greater than zero')]
      return Number(value) > 1800 ? [invalidValue(at, value, 'must be less than or equal to 1800')] : []
    },
  },
  'policy.v1.PodDisruptionBudgetSpec': {
    '': ({ value, at }) =>
      isFields(value) && value.minAvailable !== undefined && value.maxUnavailable !== undefined
        ? [invalidValue(at, value, 'minAvailable and maxUnavailable cannot be both set')]
        : [],
    minAvailable: countOrPercent,
    maxUnavailable: countOrPercent,
    unhealthyPodEvictionPolicy: oneOf('AlwaysAllow', 'IfHealthyBudget'),
  },
}
