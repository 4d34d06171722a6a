import { type Fields, isFields } from '@meridian/lab-world/json'
import type { Kind } from '../kind.ts'
import type { KubeObject } from '../objects.ts'
import { publishedSchema, resolve } from '../schema/published.ts'
import type { Schema } from '../schema/schema.ts'
import { type FieldProblem, unsupportedValue } from '../status-error.ts'
import { isAbsent, opaque, type Rule, required } from './rule.ts'
import { typeRules, updateRules } from './rules.ts'
import { heldByValue, typeNameOf, typeNameOfKind } from './type-name.ts'

/** What is to be looked at in a field, and below it. */
type Step = { field: string; rules: readonly Rule[]; enum?: readonly unknown[]; below?: Plan; shape: Shape }
type Shape = 'struct' | 'optional' | 'list' | 'map' | 'scalar'
/** What is to be looked at in a type; types without rules have an empty one. */
type Plan = { steps: Step[] }

const plans = new Map<string, Plan>()
// Those of definitions and of metadata are not the business of these rules.
const foreign =
  /^io\.k8s\.(apiextensions-apiserver|apimachinery\.pkg\.(runtime\.|api\.|util\.|apis\.meta\.v1\.(ObjectMeta|Time|MicroTime|FieldsV1)))/

/**
 * Checks an object of one of Kubernetes' own kinds beyond its types: what its schema requires and enumerates, and the
 * rules of its types. The metadata and the status are not looked at.
 */
export function typedProblems(
  kind: Kind,
  object: KubeObject,
  previous: KubeObject | undefined,
): FieldProblem[] {
  const schema = publishedSchema(kind)
  if (!schema || kind.group === 'apiextensions.k8s.io') return []
  const name = `${kind.group}/${kind.kind}`
  const problems: FieldProblem[] = []
  if (previous) {
    for (const rule of updateRules[name] ?? []) problems.push(...rule({ next: object, live: previous }))
  }
  look(object, planOfKind(typeNameOfKind(kind), schema), '', object, problems)
  return problems
}

function planOfKind(name: string, schema: Schema): Plan {
  const known = plans.get(name)
  if (known) return known
  const plan: Plan = { steps: [] }
  plans.set(name, plan)
  plan.steps = stepsOf(schema, name).filter(({ field }) => field !== 'metadata' && field !== 'status')
  return plan
}

function planOf(schema: Schema): Plan | undefined {
  const { $ref } = schema
  if ($ref === undefined || foreign.test($ref)) return undefined
  const name = typeNameOf($ref)
  const known = plans.get(name)
  if (known) return known
  const plan: Plan = { steps: [] }
  plans.set(name, plan)
  plan.steps = stepsOf(resolve(schema), name)
  return plan
}

function stepsOf({ properties = {}, required: needed = [] }: Schema, type: string): Step[] {
  const rules = typeRules[type] ?? {}
  const fields = [...Object.keys(rules), ...Object.keys(properties).filter(field => !(field in rules))]
  return fields.flatMap((name): Step[] => {
    const own = [rules[name] ?? []].flat()
    const field = name.replace(/\+$/, '')
    const isSettled = name in rules
    if (field !== name) return [{ field, rules: own, shape: 'scalar' }]
    const property = properties[field]
    if (!property) return [{ field, rules: own, shape: 'scalar' as const }]
    const isNeeded = needed.includes(field)
    const below =
      rules[name] === opaque ? undefined : planOf(property.items ?? valuesOf(property) ?? property)
    const shape = shapeOf(field, property, isNeeded)
    const step: Step = {
      field,
      rules: !isSettled && isNeeded && isText(property) ? [required()] : own,
      shape,
      ...(below ? { below } : {}),
      ...(!isSettled && property.enum ? { enum: property.enum } : {}),
    }
    return step.rules.length > 0 || step.below || step.enum ? [step] : []
  })
}

const isText = ({ type }: Schema) => type === 'string' || type === 'array'
const valuesOf = ({ additionalProperties: values }: Schema) =>
  typeof values === 'object' ? values : undefined

function shapeOf(field: string, property: Schema, isNeeded: boolean): Shape {
  if (property.items) return 'list'
  if (valuesOf(property)) return 'map'
  if (property.$ref === undefined) return 'scalar'
  return isNeeded || heldByValue.has(field) ? 'struct' : 'optional'
}

function look(value: Fields, plan: Plan, at: string, object: Fields, problems: FieldProblem[]): void {
  for (const { field, rules, enum: allowed, below, shape } of plan.steps) {
    const child = field === '' ? value : value[field]
    if (child === undefined && rules.length === 0 && shape !== 'struct') continue
    const path = field === '' || at === '' ? at || field : `${at}.${field}`
    const site = { value: child, at: path, within: value, object, found: problems }
    for (const rule of rules) {
      const found = rule(site)
      if (found.length > 0) problems.push(...found)
    }
    if (allowed && !isAbsent(child) && !allowed.includes(child))
      problems.push(unsupportedValue(path, child, allowed))
    if (below && below.steps.length > 0) lookBelow(child, below, shape, path, object, problems)
  }
}

function lookBelow(
  child: unknown,
  below: Plan,
  shape: Shape,
  at: string,
  object: Fields,
  problems: FieldProblem[],
): void {
  if (Array.isArray(child)) {
    for (const [index, item] of child.entries())
      if (isFields(item)) look(item, below, `${at}[${index}]`, object, problems)
  } else if (shape === 'map') {
    if (isFields(child))
      for (const key of Object.keys(child)) {
        const item = child[key]
        if (isFields(item)) look(item, below, `${at}[${key}]`, object, problems)
      }
  } else if (isFields(child)) look(child, below, at, object, problems)
  // What a type of Go has as a value is there even if nobody has said so.
  else if (shape === 'struct') look({}, below, at, object, problems)
}
