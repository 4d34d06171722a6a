import { type Fields, fieldsAt } from '@meridian/lab-world/json'
import { quantityValue } from '../schema/canonical-quantity.ts'
import { duplicateValue, type FieldProblem, invalidValue, requiredValue } from '../status-error.ts'
import { qualifiedNameRules } from '../text-rules.ts'
import {
  entries,
  isAbsent,
  itemsOf,
  oneOf,
  partsOf,
  problemsBy,
  type Rule,
  requiredOneOf,
  type TypeRules,
} from './rule.ts'

const sharedResources = new Set(['cpu', 'memory', 'ephemeral-storage'])

const resourceNames: Rule = entries((name, value, at) => [
  ...resourceNameProblems(name, `${at}[${name}]`),
  ...(quantityValue(value) < 0n
    ? [invalidValue(`${at}[${name}]`, value, 'must be greater than or equal to 0')]
    : []),
])

/** What is wrong with the name of a resource of a container. */
export function resourceNameProblems(name: string, at: string): FieldProblem[] {
  return [
    ...qualifiedNameRules(name).map(rule => invalidValue(at, name, rule)),
    ...(name.includes('/') || isStandard(name) ? [] : unqualified(name, at)),
  ]
}

const isStandard = (name: string) => sharedResources.has(name) || name.startsWith('hugepages-')

function unqualified(name: string, at: string): FieldProblem[] {
  const rules = ['must be a standard resource for containers']
  if (qualifiedNameRules(name).length === 0)
    rules.unshift('must be a standard resource type or fully qualified')
  return rules.map(rule => invalidValue(at, name, rule))
}

/** A container's `resizePolicy`: one for each of cpu and memory. */
export const resizePolicy: Rule = ({ value, at }) => {
  const policies = itemsOf(value).map(partsOf)
  const known = (field: string, allowed: readonly string[]) => (policy: Fields) =>
    isAbsent(policy[field]) ? [requiredValue(at)] : problemsBy(oneOf(...allowed), policy[field], at)
  return policies.flatMap((policy, index) => [
    ...(policies.findIndex(other => other.resourceName === policy.resourceName) < index
      ? [duplicateValue(`${at}[${index}]`, policy.resourceName ?? '')]
      : []),
    ...known('resourceName', ['cpu', 'memory'])(policy),
    ...known('restartPolicy', ['NotRequired', 'RestartContainer'])(policy),
  ])
}

const scales = [
  '1',
  ...['k', 'M', 'G', 'T', 'P', 'E'].map(unit => `1${unit}`),
  ...['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].map(unit => `1${unit}`),
]

const divisor: Rule = ({ value = '0', at, within }) => {
  const resource = String(within.resource ?? '')
  const [, name = ''] = resource.split('.')
  if (quantityValue(value) === 0n) return []
  const [allowed, list] = name === 'cpu' ? [['1m', '1'], '1m and 1'] : [scales, scales.join(', ')]
  const what = name === 'ephemeral-storage' ? 'local ephemeral storage' : name
  return allowed.includes(String(value))
    ? []
    : [invalidValue(at, resource, `only divisor's values ${list} are supported with the ${what} resource`)]
}

/** No more is requested than the limit; of what cannot be shared, exactly as much. */
const withinLimits: Rule = ({ value, at, within }) => {
  const limits = fieldsAt(within, 'limits')
  return Object.entries(partsOf(value)).flatMap(([name, wanted]) => {
    const limit = limits[name]
    const shared = !name.includes('/') && !name.startsWith('hugepages-')
    if (limit === undefined)
      return shared
        ? []
        : [
            requiredValue(
              at.replace(/requests$/, 'limits'),
              'Limit must be set for non overcommitable resources',
            ),
          ]
    const [more, equal] = [
      quantityValue(wanted) > quantityValue(limit),
      quantityValue(wanted) === quantityValue(limit),
    ]
    if (!shared && !equal) return [invalidValue(at, wanted, `must be equal to ${name} limit of ${limit}`)]
    return more ? [invalidValue(at, wanted, `must be less than or equal to ${name} limit of ${limit}`)] : []
  })
}

const resourceFields = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
]

/** The rules of what containers may use. */
export const resourceRules: Readonly<Record<string, TypeRules>> = {
  'core.v1.ResourceRequirements': { limits: resourceNames, requests: [resourceNames, withinLimits] },
  'core.v1.ContainerResizePolicy': { resourceName: [], restartPolicy: [] },
  'core.v1.ResourceFieldSelector': {
    resource: requiredOneOf('', ...resourceFields),
    divisor,
  },
}
