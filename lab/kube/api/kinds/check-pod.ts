import { type Fields, fieldsAt, isFields, listAt, sameJson, textAt } from '../objects.ts'
import { type FieldProblem, invalidValue, requiredValue } from '../status-error.ts'

const dnsLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/

/** What is wrong with a pod spec at this path: containers without name or image, names used twice. */
export function podSpecProblems(spec: unknown, path: string): FieldProblem[] {
  const containers = listAt(spec, 'containers')
  if (containers.length === 0) return [requiredValue(`${path}.containers`)]
  const names = containers.map(container => textAt(container, 'name'))
  return containers.flatMap((container, index) => {
    const at = `${path}.containers[${index}]`
    const name = textAt(container, 'name')
    const problems: FieldProblem[] = []
    if (!name) problems.push(requiredValue(`${at}.name`))
    else if (!dnsLabel.test(name))
      problems.push(
        invalidValue(
          `${at}.name`,
          name,
          "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-'",
        ),
      )
    else if (names.indexOf(name) < index) {
      problems.push({
        field: `${at}.name`,
        reason: 'FieldValueDuplicate',
        message: `Duplicate value: ${JSON.stringify(name)}`,
      })
    }
    if (!textAt(container, 'image')) problems.push(requiredValue(`${at}.image`))
    return problems
  })
}

/** What is wrong with a workload: its selector must be there, select its own template and never change. */
export function workloadProblems(spec: Fields, previous: unknown): FieldProblem[] {
  const selector = spec.selector
  const problems = podSpecProblems(fieldsAt(spec, 'template', 'spec'), 'spec.template.spec')
  if (!isFields(selector)) return [requiredValue('spec.selector'), ...problems]
  const labels = fieldsAt(spec, 'template', 'metadata', 'labels')
  const unmet = Object.entries(fieldsAt(selector, 'matchLabels')).some(
    ([key, value]) => labels[key] !== value,
  )
  if (unmet) {
    problems.push(
      invalidValue('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'),
    )
  }
  const before = fieldsAt(previous, 'spec').selector
  if (before !== undefined && !sameJson(before, selector)) {
    problems.push(invalidValue('spec.selector', selector, 'field is immutable'))
  }
  return problems
}
