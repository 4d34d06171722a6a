import { type Fields, fieldsAt, isFields, sameJson, textAt } from '@meridian/lab-world/json'
import { forbiddenValue, invalidValue, requiredValue, unsupportedValue } from '../status-error.ts'
import { dnsLabelRules } from '../text-rules.ts'
import { amountOf, countOrAnyPercent, countOrPercent, selectorOf } from './field-rules.ts'
import {
  exactlyOneOf,
  immutable,
  nonNegative,
  partsOf,
  type Rule,
  type TypeRules,
  text,
  type UpdateRule,
} from './rule.ts'

const needed: Rule = ({ value, at }) => (isFields(value) ? [] : [requiredValue(at)])

/** What a workload that goes on forever says of its pods. */
const lasting =
  (kind: string): Rule =>
  ({ at, value }) => {
    const { restartPolicy, activeDeadlineSeconds } = fieldsAt(value, 'template', 'spec')
    const here = `${at}.template.spec`
    const rule = `activeDeadlineSeconds in ${kind} is not Supported`
    return [
      ...(restartPolicy === 'Always'
        ? []
        : [unsupportedValue(`${here}.restartPolicy`, restartPolicy ?? '', ['Always'])]),
      ...(activeDeadlineSeconds === undefined ? [] : [forbiddenValue(`${here}.activeDeadlineSeconds`, rule)]),
    ]
  }

/** A strategy as the server's own type has it. */
function goStrategy(value: unknown, ...fields: readonly string[]): Fields {
  const { type = '', rollingUpdate } = partsOf(value)
  const parts = fields.map(field => [
    field.charAt(0).toUpperCase() + field.slice(1),
    partsOf(rollingUpdate)[field] ?? null,
  ])
  return { Type: type, RollingUpdate: rollingUpdate === undefined ? null : Object.fromEntries(parts) }
}

const strategyType =
  (...allowed: readonly string[]): Rule =>
  ({ value, at }) => {
    const type = textAt(value, 'type')
    return allowed.includes(type)
      ? []
      : [unsupportedValue(at, goStrategy(value, 'maxUnavailable', 'maxSurge'), allowed)]
  }

const deploymentStrategy: Rule = site => {
  const { value, at } = site
  const { type, rollingUpdate } = partsOf(value)
  const here = `${at}.rollingUpdate`
  if (type === 'Recreate')
    return rollingUpdate === undefined
      ? []
      : [forbiddenValue(here, "may not be specified when strategy `type` is 'Recreate'")]
  return strategyType('Recreate', 'RollingUpdate')(site)
}

const statefulStrategy: Rule = ({ value, at }) => {
  const { type, rollingUpdate } = partsOf(value)
  if (type === 'OnDelete' && rollingUpdate !== undefined)
    return [
      invalidValue(
        `${at}.rollingUpdate`,
        goStrategy(value, 'partition', 'maxUnavailable').RollingUpdate,
        "only allowed for updateStrategy 'RollingUpdate'",
      ),
    ]
  if (type === 'OnDelete' || type === 'RollingUpdate') return []
  return [
    invalidValue(
      at,
      goStrategy(value, 'partition', 'maxUnavailable'),
      "must be 'RollingUpdate' or 'OnDelete'",
    ),
  ]
}

/** The rules of workloads. */
export const workloadRules: Readonly<Record<string, TypeRules>> = {
  'apps.v1.DeploymentSpec': {
    replicas: nonNegative,
    selector: needed,
    'selector+': selectorOf('deployment', 'invalid label selector'),
    template: [],
    '': lasting('ReplicaSet'),
    strategy: deploymentStrategy,
    minReadySeconds: nonNegative,
    revisionHistoryLimit: nonNegative,
    progressDeadlineSeconds: [
      nonNegative,
      ({ value, at, within }) =>
        typeof value === 'number' && value <= Number(within.minReadySeconds ?? 0)
          ? [invalidValue(at, value, 'must be greater than minReadySeconds')]
          : [],
    ],
  },
  'apps.v1.DeploymentStrategy': { type: [] },
  'apps.v1.RollingUpdateDeployment': {
    maxUnavailable: [
      countOrPercent,
      ({ value, at, within }) =>
        amountOf(value) === 0 && amountOf(within.maxSurge) === 0
          ? [invalidValue(at, value, 'may not be 0 when `maxSurge` is 0')]
          : [],
    ],
    maxSurge: countOrAnyPercent,
  },
  'apps.v1.ReplicaSetSpec': {
    replicas: nonNegative,
    minReadySeconds: nonNegative,
    selector: needed,
    'selector+': selectorOf('deployment', 'invalid label selector'),
    template: [],
    '': lasting('ReplicaSet'),
  },
  'apps.v1.StatefulSetSpec': {
    podManagementPolicy: ({ value, at }) =>
      value === undefined || value === 'OrderedReady' || value === 'Parallel'
        ? []
        : [invalidValue(at, value, "must be 'OrderedReady' or 'Parallel'")],
    updateStrategy: statefulStrategy,
    replicas: nonNegative,
    minReadySeconds: nonNegative,
    serviceName: text(dnsLabelRules),
    selector: needed,
    'selector+': selectorOf('statefulset', ''),
    template: [],
    '': lasting('StatefulSet'),
  },
  'apps.v1.StatefulSetUpdateStrategy': { type: [] },
  'apps.v1.RollingUpdateStatefulSetStrategy': { partition: nonNegative },
  'apps.v1.StatefulSetOrdinals': { start: nonNegative },
  'apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy': {
    whenDeleted: exactlyOneOf('Retain', 'Delete'),
    whenScaled: exactlyOneOf('Retain', 'Delete'),
  },
  'apps.v1.DaemonSetSpec': {
    selector: [],
    'selector+': selectorOf('daemonset'),
    template: [],
    '': lasting('DaemonSet'),
    minReadySeconds: nonNegative,
    updateStrategy: strategyType('RollingUpdate', 'OnDelete'),
    revisionHistoryLimit: nonNegative,
  },
  'apps.v1.DaemonSetUpdateStrategy': { type: [] },
  'apps.v1.RollingUpdateDaemonSet': {
    maxUnavailable: countOrPercent,
    maxSurge: countOrPercent,
    '': ({ value, at }) => {
      const { maxUnavailable, maxSurge } = partsOf(value)
      const [unavailable, surge] = [amountOf(maxUnavailable), amountOf(maxSurge)]
      if (unavailable !== 0 && surge !== 0)
        return [invalidValue(`${at}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero')]
      return unavailable === 0 && surge === 0
        ? [requiredValue(`${at}.maxUnavailable`, 'cannot be 0 when maxSurge is 0')]
        : []
    },
  },
  'apps.v1.ControllerRevision': {
    revision: nonNegative,
    data: ({ value, at }) =>
      value === undefined
        ? [requiredValue(at, 'data is mandatory')]
        : isFields(value)
          ? []
          : [requiredValue(at, 'data must be a valid JSON object')],
  },
}

const forbiddenBut =
  (allowed: readonly string[], rule: string): UpdateRule =>
  ({ next, live }) => {
    const fixed = (object: Fields) =>
      Object.fromEntries(
        Object.entries(fieldsAt(object, 'spec')).filter(([field]) => !allowed.includes(field)),
      )
    return sameJson(fixed(next), fixed(live)) ? [] : [forbiddenValue('spec', rule)]
  }

const ofStatefulSets = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
]
const named_ = ofStatefulSets.map(field => `'${field}'`)

export const workloadUpdates: Readonly<Record<string, readonly UpdateRule[]>> = {
  'apps/Deployment': [immutable('spec', 'selector')],
  'apps/ReplicaSet': [immutable('spec', 'selector')],
  'apps/DaemonSet': [immutable('spec', 'selector')],
  'apps/StatefulSet': [
    forbiddenBut(
      ofStatefulSets,
      `updates to statefulset spec for fields other than ${named_.slice(0, -1).join(', ')} and ${named_.at(-1)} are forbidden`,
    ),
  ],
  'apps/ControllerRevision': [immutable('data')],
}
