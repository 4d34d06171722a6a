import { fieldsAt, isFields, sameJson, textAt } from '@meridian/lab-world/json'
import {
  duplicateValue,
  type FieldProblem,
  forbiddenValue,
  invalidValue,
  requiredValue,
  tooLongValue,
  unsupportedValue,
} from '../status-error.ts'
import { dataKeyRules, labelValueRules, qualifiedNameRules } from '../text-rules.ts'
import { networkRule } from './field-rules.ts'
import {
  each,
  entries,
  immutable,
  isAbsent,
  itemsOf,
  oneOf,
  outside,
  partsOf,
  type Rule,
  type TypeRules,
  type UpdateRule,
} from './rule.ts'

const mostData = 1_048_576

const keys: Rule = entries((key, _, at) =>
  dataKeyRules(key).map(rule => invalidValue(`${at}[${key}]`, key, rule)),
)

const bytesOf = (data: unknown, encoding: BufferEncoding) =>
  Object.values(isFields(data) ? data : {}).reduce<number>(
    (sum, value) => sum + Buffer.byteLength(String(value), encoding),
    0,
  )

/** The keys that Secrets of a known type must have. */
const secretKeys: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
}
const holdsJson = new Set(['kubernetes.io/dockercfg', 'kubernetes.io/dockerconfigjson'])

const secretContent: Rule = ({ value, object }) => {
  const { type = '', data } = partsOf(value)
  const given = isFields(data) ? data : {}
  const missing = (secretKeys[String(type)] ?? []).filter(key => isAbsent(given[key]) && !(key in given))
  if (type === 'kubernetes.io/basic-auth' && !('username' in given) && !('password' in given))
    missing.push('username', 'password')
  const account = 'kubernetes.io/service-account.name'
  const [key = ''] = secretKeys[String(type)] ?? []
  return [
    ...missing.map(each => requiredValue(`data[${each}]`)),
    ...(type === 'kubernetes.io/service-account-token' && !textAt(object, 'metadata', 'annotations', account)
      ? [requiredValue(`metadata.annotations[${account}]`)]
      : []),
    ...(holdsJson.has(String(type)) && key in given ? jsonProblems(String(given[key]), `data[${key}]`) : []),
  ]
}

function jsonProblems(encoded: string, at: string): FieldProblem[] {
  const hidden = '<secret contents redacted>'
  try {
    const value: unknown = JSON.parse(Buffer.from(encoded, 'base64').toString())
    return isFields(value)
      ? []
      : [invalidValue(at, hidden, 'json: cannot unmarshal into Go value of type map[string]interface {}')]
  } catch {
    return [
      invalidValue(at, hidden, encoded === '' ? 'unexpected end of JSON input' : 'invalid character in JSON'),
    ]
  }
}

const taints: Rule = ({ value, within: _ }) => {
  const at = 'metadata.taints'
  const seen = new Set<string>()
  return itemsOf(value).flatMap((taint, index) => {
    const { key = '', value: content = '', effect = '' } = isFields(taint) ? taint : {}
    const here = `${at}[${index}]`
    const again = seen.has(`${key}/${effect}`)
    seen.add(`${key}/${effect}`)
    const rules = labelValueRules(String(content))
    const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']
    const problem = duplicateValue(here, { Key: key, Value: content, Effect: effect, TimeAdded: null })
    return [
      ...qualifiedNameRules(String(key)).map(rule => invalidValue(`${here}.key`, key, rule)),
      ...(rules.length > 0 ? [invalidValue(`${here}.value`, content, rules.join(';'))] : []),
      ...(effect === ''
        ? [requiredValue(`${here}.effect`)]
        : effects.includes(String(effect))
          ? []
          : [unsupportedValue(`${here}.effect`, effect, effects)]),
      ...(again
        ? [{ ...problem, message: `${problem.message}: taints must be unique by key and effect pair` }]
        : []),
    ]
  })
}

/** The rules of configuration, nodes and priorities. */
export const clusterRules: Readonly<Record<string, TypeRules>> = {
  'core.v1.Secret': {
    data: [
      keys,
      ({ value, at }) => (bytesOf(value, 'base64') > mostData ? [tooLongValue(at, mostData)] : []),
    ],
    '': secretContent,
  },
  'core.v1.ConfigMap': {
    data: [
      keys,
      ({ value, at, within }) =>
        Object.keys(partsOf(value))
          .filter(key => key in fieldsAt(within, 'binaryData'))
          .map(key => invalidValue(`${at}[${key}]`, key, 'duplicate of key present in binaryData')),
    ],
    binaryData: keys,
    '': ({ value }) => {
      const { data, binaryData } = partsOf(value)
      return bytesOf(data, 'utf8') + bytesOf(binaryData, 'base64') > mostData
        ? [tooLongValue('', mostData)]
        : []
    },
  },
  'scheduling.v1.PriorityClass': {
    value: ({ value = 0, at, object }) => {
      const system = textAt(object, 'metadata', 'name').startsWith('system-')
      return !system && Number(value) > 1_000_000_000
        ? [forbiddenValue(at, 'maximum allowed value of a user defined priority is 1000000000')]
        : []
    },
    preemptionPolicy: ({ value, ...site }) =>
      value === '' ? [requiredValue(site.at)] : oneOf('PreemptLowerPriority', 'Never')({ value, ...site }),
  },
  'coordination.v1.LeaseSpec': {
    leaseDurationSeconds: outside(1, Number.POSITIVE_INFINITY, 'must be greater than 0'),
    leaseTransitions: outside(0, Number.POSITIVE_INFINITY, 'must be greater than or equal to 0'),
  },
  'core.v1.NodeSpec': {
    taints,
    podCIDRs: each(networkRule),
  },
  'core.v1.Event': {
    involvedObject: ({ value, at, object }) => {
      const { namespace = '' } = partsOf(value)
      return namespace === '' || namespace === textAt(object, 'metadata', 'namespace')
        ? []
        : [invalidValue(`${at}.namespace`, namespace, 'does not match event.namespace')]
    },
  },
  'core.v1.Taint': { key: [], effect: [] },
}

const frozen =
  (...fields: readonly string[]): UpdateRule =>
  ({ next, live }) => {
    if (live.immutable !== true) return []
    const changed = fields.filter(field => !sameJson(next[field], live[field]))
    const unfrozen = next.immutable === true ? [] : ['immutable']
    return [...unfrozen, ...changed].map(field =>
      forbiddenValue(field, 'field is immutable when `immutable` is set'),
    )
  }

export const clusterUpdates: Readonly<Record<string, readonly UpdateRule[]>> = {
  '/Secret': [immutable('type'), frozen('data')],
  '/ConfigMap': [frozen('data', 'binaryData')],
  'scheduling.k8s.io/PriorityClass': [
    ({ next, live }) =>
      next.value === live.value ? [] : [forbiddenValue('value', 'may not be changed in an update.')],
    immutable('preemptionPolicy'),
  ],
  '/Node': [
    ({ next, live }) => {
      const [now, before] = [next, live].map(object => fieldsAt(object, 'spec'))
      const kept = (field: string) => !isAbsent(before?.[field]) && !sameJson(now?.[field], before?.[field])
      return ['podCIDRs', 'providerID']
        .filter(kept)
        .map(field =>
          forbiddenValue(
            `spec.${field}`,
            `node updates may not change ${field.replace(/s$/, '')} except from "" to valid`,
          ),
        )
    },
  ],
}
