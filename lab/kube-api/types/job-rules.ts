import { type Fields, fieldsAt, isFields, listAt, sameJson, textAt } from '@meridian/lab-world/json'
import { invalidValue, requiredValue, unsupportedValue } from '../status-error.ts'
import { dnsLabelRules, qualifiedNameRules } from '../text-rules.ts'
import { findScheduleFault } from './cron-schedule.ts'
import { selectorOf } from './field-rules.ts'
import {
  exactlyOneOf,
  immutable,
  itemsOf,
  nonNegative,
  oneOf,
  partsOf,
  type Rule,
  requiredOneOf,
  strictly,
  type TypeRules,
  type UpdateRule,
} from './rule.ts'

/** A Job ends: its pods are not started again for ever. */
const ending: Rule = ({ value, at, within }) => {
  const { restartPolicy = '' } = fieldsAt(value, 'spec')
  const here = `${at}.spec.restartPolicy`
  if (restartPolicy === 'Always' || restartPolicy === '')
    return [requiredValue(here, 'valid values: "OnFailure", "Never"')]
  if (restartPolicy !== 'OnFailure' && restartPolicy !== 'Never')
    return [unsupportedValue(here, restartPolicy, ['OnFailure', 'Never'])]
  const only = within.podFailurePolicy !== undefined && restartPolicy !== 'Never'
  return only
    ? [invalidValue(here, restartPolicy, 'only "Never" is supported when podFailurePolicy is specified')]
    : []
}

/** Rules of failure name containers of the Job. */
const namedContainers: Rule = ({ value, at, within }) => {
  const pod = fieldsAt(within, 'template', 'spec')
  const names = [...listAt(pod, 'containers'), ...listAt(pod, 'initContainers')].map(each =>
    textAt(each, 'name'),
  )
  const rule = 'must be one of the container or initContainer names in the pod template'
  return listAt(value, 'rules').flatMap((each, index) => {
    const { containerName } = fieldsAt(each, 'onExitCodes')
    return containerName === undefined || names.includes(String(containerName))
      ? []
      : [invalidValue(`${at}.rules[${index}].onExitCodes.containerName`, containerName, rule)]
  })
}

/** A selector that nobody gives is made for the Job alone. */
const ownSelector: Rule = ({ value, at, object }) => {
  const { manualSelector, selector } = partsOf(value)
  const given = Object.keys(fieldsAt(selector, 'matchLabels'))
  const own = new Set([
    'batch.kubernetes.io/controller-uid',
    'batch.kubernetes.io/job-name',
    'controller-uid',
    'job-name',
  ])
  const foreign = given.some(label => !own.has(label)) || listAt(selector, 'matchExpressions').length > 0
  return manualSelector === true || !foreign || object.kind !== 'Job'
    ? []
    : [invalidValue(`${at}.selector`, selector, '`selector` not auto-generated')]
}

const indexed: Rule = ({ value, at }) => {
  const { completionMode, completions, backoffLimitPerIndex, maxFailedIndexes, successPolicy, parallelism } =
    partsOf(value)
  const problems = []
  if (maxFailedIndexes !== undefined && backoffLimitPerIndex === undefined)
    problems.push(requiredValue(`${at}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'))
  if (completionMode === 'Indexed') {
    if (completions === undefined)
      problems.push(requiredValue(`${at}.completions`, 'when completion mode is Indexed'))
    if (Number(parallelism ?? 0) > 100_000)
      problems.push(
        invalidValue(
          `${at}.parallelism`,
          parallelism,
          'must be less than or equal to 100000 when completion mode is Indexed',
        ),
      )
    if (completions !== undefined && Number(maxFailedIndexes ?? 0) > Number(completions))
      problems.push(
        invalidValue(`${at}.maxFailedIndexes`, maxFailedIndexes, 'must be less than or equal to completions'),
      )
    return problems
  }
  if (completionMode !== undefined && completionMode !== 'NonIndexed') return problems
  for (const [field, given] of Object.entries({ backoffLimitPerIndex, maxFailedIndexes, successPolicy }))
    if (given !== undefined)
      problems.push(invalidValue(`${at}.${field}`, given, 'requires indexed completion mode'))
  return problems
}

const replacement: Rule = ({ value, at, within }) =>
  value === undefined
    ? []
    : exactlyOneOf(...(within.podFailurePolicy ? ['Failed'] : ['Failed', 'TerminatingOrFailed']))({
        value,
        at,
        within,
        object: {},
      })

const failureRule: Rule = ({ value, at }) => {
  const codes = isFields(value) && value.onExitCodes !== undefined
  const conditions = listAt(value, 'onPodConditions').length > 0
  const omitted = (rule: string) => [{ ...invalidValue(at, '', rule), message: `Invalid value: ${rule}` }]
  if (codes && conditions) return omitted('specifying both OnExitCodes and OnPodConditions is not supported')
  return codes || conditions ? [] : omitted('specifying one of OnExitCodes and OnPodConditions is required')
}

const exitCodes: Rule = ({ value, at, within }) => {
  const codes = itemsOf(value).map(Number)
  if (codes.length === 0) return [invalidValue(at, value ?? null, 'at least one value is required')]
  const ordered = codes.every((code, index) => index === 0 || Number(codes[index - 1]) <= code)
  return [
    ...codes.flatMap((code, index) => [
      ...(within.operator === 'In' && code === 0
        ? [invalidValue(`${at}[${index}]`, code, 'must not be 0 for the In operator')]
        : []),
      ...(codes.indexOf(code) < index
        ? [
            {
              field: `${at}[${index}]`,
              reason: 'FieldValueDuplicate' as const,
              message: `Duplicate value: ${code}`,
            },
          ]
        : []),
    ]),
    ...(ordered ? [] : [invalidValue(at, codes, 'must be ordered')]),
  ]
}

const failureActions = ['Count', 'FailIndex', 'FailJob', 'Ignore']

const schedule: Rule = ({ value = '', at }) => {
  const written = String(value)
  if (written === '') return [requiredValue(at)]
  if (written.includes('TZ'))
    return [invalidValue(at, written, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead')]
  const fault = findScheduleFault(written)
  return fault === undefined ? [] : [invalidValue(at, written, fault)]
}

const timeZone: Rule = ({ value, at }) => {
  if (value === undefined) return []
  if (value === '') return [invalidValue(at, '', 'timeZone must be nil or non-empty string')]
  const zone = String(value)
  if (
    zone.split('/').some(part => !/^[A-Za-z._0-9+][A-Za-z.\-_0-9+]{0,13}$/.test(part) || /^\.\.?$/.test(part))
  )
    return [invalidValue(at, zone, `unknown time zone ${zone}`)]
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return []
  } catch {
    return [invalidValue(at, zone, `unknown time zone ${zone}`)]
  }
}

const job: TypeRules = {
  parallelism: nonNegative,
  completions: nonNegative,
  activeDeadlineSeconds: nonNegative,
  backoffLimit: nonNegative,
  ttlSecondsAfterFinished: nonNegative,
  backoffLimitPerIndex: nonNegative,
  maxFailedIndexes: nonNegative,
  completionMode: oneOf('NonIndexed', 'Indexed'),
  podReplacementPolicy: replacement,
  podFailurePolicy: namedContainers,
  '': indexed,
  template: [],
  'template+': ending,
}

const unselected = (spec: Fields, at: string) =>
  selectorOf('')({ value: undefined, at: `${at}.selector`, within: spec, object: {} })

/** The rules of Jobs. */
export const jobRules: Readonly<Record<string, TypeRules>> = {
  'batch.v1.JobSpec': job,
  'batch.v1.PodFailurePolicy': { rules: [] },
  'batch.v1.PodFailurePolicyRule': {
    action: requiredOneOf(
      `valid values: [${failureActions.map(each => `"${each}"`).join(' ')}]`,
      ...failureActions,
    ),
    '': failureRule,
  },
  'batch.v1.PodFailurePolicyOnExitCodesRequirement': {
    operator: requiredOneOf('valid values: ["In" "NotIn"]', 'In', 'NotIn'),
    values: exitCodes,
  },
  'batch.v1.PodFailurePolicyOnPodConditionsPattern': {
    type: strictly(qualifiedNameRules),
    status: requiredOneOf('valid values: ["False" "True" "Unknown"]', 'False', 'True', 'Unknown'),
  },
  'batch.v1.CronJobSpec': {
    schedule,
    startingDeadlineSeconds: nonNegative,
    timeZone,
    concurrencyPolicy: oneOf('Allow', 'Forbid', 'Replace'),
    jobTemplate: ({ value, at }) => {
      const { selector, manualSelector } = fieldsAt(value, 'spec')
      return [
        ...(selector === undefined
          ? []
          : [invalidValue(`${at}.spec.selector`, selector, '`selector` will be auto-generated')]),
        ...(manualSelector === true
          ? [unsupportedValue(`${at}.spec.manualSelector`, true, ['nil', 'false'])]
          : []),
      ]
    },
    successfulJobsHistoryLimit: nonNegative,
    failedJobsHistoryLimit: nonNegative,
  },
  'batch.v1.Job': {
    spec: ownSelector,
    'spec+': [
      ({ value, at, object, found = [] }) => {
        const spec = partsOf(value)
        if (!isFields(spec.selector)) return [requiredValue(`${at}.selector`)].concat(unselected(spec, at))
        return selectorOf('')({ value: spec.selector, at: `${at}.selector`, within: spec, object, found })
      },
      ({ value, object }) => {
        const { completionMode, completions = 0 } = partsOf(value)
        const name = textAt(object, 'metadata', 'name')
        const last = `${name}-${Number(completions) - 1}`
        return completionMode === 'Indexed' && Number(completions) > 0 && dnsLabelRules(last).length > 0
          ? [
              invalidValue(
                'metadata.name',
                name,
                `will not able to create pod with invalid DNS label: ${last}`,
              ),
            ]
          : []
      },
    ],
  },
}

/** Of a Job that has not been begun, where its pods may run can still be said. */
const jobTemplate: UpdateRule = ({ next, live }) => {
  const waits = fieldsAt(live, 'spec').suspend === true && fieldsAt(live, 'status').startTime === undefined
  const fixed = (object: Fields) => {
    const { metadata, spec, ...template } = fieldsAt(object, 'spec', 'template')
    if (!waits) return { template: { metadata, spec, ...template } }
    const {
      nodeSelector: _n,
      tolerations: _t,
      schedulingGates: _g,
      affinity,
      ...pod
    } = isFields(spec) ? spec : {}
    const { nodeAffinity: _a, ...others } = isFields(affinity) ? affinity : {}
    return { template: { spec: { ...pod, affinity: others }, ...template } }
  }
  if (sameJson(fixed(next), fixed(live))) return []
  return [invalidValue('spec.template', fieldsAt(next, 'spec').template, 'field is immutable')]
}

const fixedOfJobs = [
  'completionMode',
  'podFailurePolicy',
  'backoffLimitPerIndex',
  'managedBy',
  'successPolicy',
]

export const jobUpdates: Readonly<Record<string, readonly UpdateRule[]>> = {
  'batch/Job': [
    ({ next, live }) => {
      const { completionMode } = fieldsAt(next, 'spec')
      const [now, before] = [next, live].map(object => fieldsAt(object, 'spec'))
      const elastic = completionMode === 'Indexed' && now?.completions === now?.parallelism
      return elastic || now?.completions === before?.completions
        ? []
        : [invalidValue('spec.completions', now?.completions ?? null, 'field is immutable')]
    },
    immutable('spec', 'selector'),
    jobTemplate,
    ...fixedOfJobs.map(field => immutable('spec', field)),
  ],
}
