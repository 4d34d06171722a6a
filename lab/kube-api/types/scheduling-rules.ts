import { isFields, textAt } from '@meridian/lab-world/json'
import { duplicateValue, type FieldProblem, invalidValue, unsupportedValue } from '../status-error.ts'
import { labelValueRules, qualifiedNameRules } from '../text-rules.ts'
import { requirementRules } from './field-rules.ts'
import {
  counted,
  exactlyOneOf,
  itemsOf,
  oneOf,
  outside,
  positive,
  problemsBy,
  type Rule,
  required,
  strictly,
  type TypeRules,
} from './rule.ts'

/** Operators of tolerations, each with what may stand beside it. */
export const tolerationRule: Rule = ({ value, at }) => {
  const [key, operator, content, effect] = ['key', 'operator', 'value', 'effect'].map(field =>
    textAt(value, field),
  )
  const here = `${at}.operator`
  const keyless = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
  const seconds = isFields(value) && value.tolerationSeconds !== undefined
  return [
    ...(key ? qualifiedNameRules(key).map(rule => invalidValue(`${at}.key`, key, rule)) : []),
    ...(!key && operator !== 'Exists' ? [invalidValue(here, operator, keyless)] : []),
    ...(seconds && effect !== 'NoExecute'
      ? [invalidValue(`${at}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set")]
      : []),
    ...operatorProblems(operator ?? '', content ?? '', here),
    ...(effect
      ? problemsBy(oneOf('NoSchedule', 'PreferNoSchedule', 'NoExecute'), effect, `${at}.effect`)
      : []),
  ]
}

function operatorProblems(operator: string, content: string, at: string): FieldProblem[] {
  switch (operator) {
    case '':
    case 'Equal': {
      const rules = labelValueRules(content)
      return rules.length > 0 ? [invalidValue(at, content, rules.join(';'))] : []
    }
    case 'Exists':
      return content ? [invalidValue(at, content, "value must be empty when `operator` is 'Exists'")] : []
    case 'Lt':
    case 'Gt':
      return [unsupportedValue(at, operator, ['Equal', 'Exists', 'Lt', 'Gt'])]
  }
  return [unsupportedValue(at, operator, ['Equal', 'Exists'])]
}

/** `topologySpreadConstraints`: no pair of topology key and `whenUnsatisfiable` twice. */
export const spread: Rule = ({ value, at }) => {
  const pairs = itemsOf(value).map(
    each => `{${textAt(each, 'topologyKey')}, ${textAt(each, 'whenUnsatisfiable')}}`,
  )
  return pairs.flatMap((pair, index) =>
    pairs.includes(pair, index + 1)
      ? [duplicateValue(`${at}[${index}].{topologyKey, whenUnsatisfiable}`, pair)]
      : [],
  )
}

const weight = counted(outside(1, 100, 'must be in the range 1-100'))

/** The rules of where pods may run. */
export const schedulingRules: Readonly<Record<string, TypeRules>> = {
  'core.v1.TopologySpreadConstraint': {
    maxSkew: counted(positive),
    topologyKey: required('can not be empty'),
    whenUnsatisfiable: exactlyOneOf('DoNotSchedule', 'ScheduleAnyway'),
    minDomains: [
      positive,
      ({ value, at, within }) =>
        value !== undefined && within.whenUnsatisfiable !== 'DoNotSchedule'
          ? [
              invalidValue(
                at,
                value,
                `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${within.whenUnsatisfiable ?? ''}`,
              ),
            ]
          : [],
    ],
  },
  'core.v1.NodeSelector': { nodeSelectorTerms: required('must have at least one node selector term') },
  'core.v1.NodeSelectorRequirement': requirementRules('Gt', 'Lt'),
  'core.v1.PreferredSchedulingTerm': { weight },
  'core.v1.WeightedPodAffinityTerm': { weight },
  'core.v1.PodAffinityTerm': { topologyKey: [required('can not be empty'), strictly(qualifiedNameRules)] },
  'core.v1.Toleration': { operator: [], effect: [] },
}
