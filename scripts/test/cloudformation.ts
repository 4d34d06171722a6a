import { type CollectionTag, parse, type ScalarTag } from 'yaml'

/** What CloudFormation makes of a template: resources whose condition holds, with all functions carried out. */
export type Rendered = {
  resources: Readonly<Record<string, { Type: string; Properties: Readonly<Record<string, unknown>> }>>
  outputs: Readonly<Record<string, unknown>>
}

type Values = Readonly<Record<string, string>>
type Template = {
  Parameters: Record<string, { Default?: string; AllowedPattern?: string; AllowedValues?: string[] }>
  Conditions: Record<string, unknown>
  Resources: Record<string, { Type: string; Condition?: string; Properties: Record<string, unknown> }>
  Outputs: Record<string, { Condition?: string; Value: unknown }>
}

/** Values that every stack has, and what others see of a resource that they refer to. */
const pseudo: Values = { 'AWS::AccountId': '111122223333', 'AWS::Partition': 'aws' }
const references: Values = {
  GitHub: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com',
}
const absent = Symbol('AWS::NoValue')

/** Renders a template as CloudFormation does for a stack of these parameters. Throws for what a stack would be refused. */
export function renderTemplate(text: string, given: Values): Rendered {
  const template = parse(text, { customTags: shortForms }) as Template
  const values = { ...pseudo, ...checkParameters(template.Parameters, given) }
  const evaluate = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(evaluate).filter(item => item !== absent)
    if (typeof value !== 'object' || value === null) return value
    const [[name = '', argument] = [], ...others] = Object.entries(value)
    const perform = others.length === 0 ? functions[name] : undefined
    if (perform) return perform(argument, { values, evaluate, holds })
    const entries = Object.entries(value).map(([key, item]) => [key, evaluate(item)] as const)
    return Object.fromEntries(entries.filter(([, item]) => item !== absent))
  }
  const holds = (name: string | undefined): boolean => {
    if (name === undefined) return true
    if (!(name in template.Conditions)) throw new Error(`there is no condition ${name}`)
    return evaluate(template.Conditions[name]) === true
  }
  const made = Object.entries(template.Resources).filter(([, { Condition }]) => holds(Condition))
  const told = Object.entries(template.Outputs).filter(([, { Condition }]) => holds(Condition))
  return {
    resources: Object.fromEntries(
      made.map(([name, { Type, Properties }]) => [
        name,
        { Type, Properties: evaluate(Properties) as object },
      ]),
    ) as Rendered['resources'],
    outputs: Object.fromEntries(told.map(([name, { Value }]) => [name, evaluate(Value)])),
  }
}

type Scope = {
  values: Values
  evaluate(value: unknown): unknown
  holds(name: string): boolean
}

const functions: Readonly<Record<string, (argument: unknown, scope: Scope) => unknown>> = {
  Ref: (argument, { values }) => {
    const name = String(argument)
    return name === 'AWS::NoValue' ? absent : (values[name] ?? references[name] ?? `<${name}>`)
  },
  'Fn::GetAtt': name => `<${[name].flat().join('.')}>`,
  'Fn::Sub': (text, { values }) =>
    String(text).replace(/\$\{([\w:]+)\}/g, (whole, name: string) => {
      const value = values[name]
      if (value === undefined) throw new Error(`nobody gives ${whole}`)
      return value
    }),
  'Fn::If': (argument, { evaluate, holds }) => {
    const [name, yes, no] = argument as [string, unknown, unknown]
    return evaluate(holds(name) ? yes : no)
  },
  'Fn::Equals': (argument, { evaluate }) => {
    const [one, other] = (argument as unknown[]).map(evaluate)
    return one === other
  },
  'Fn::Not': (argument, { evaluate }) => evaluate((argument as unknown[])[0]) === false,
  'Fn::Or': (argument, { evaluate }) => (argument as unknown[]).some(item => evaluate(item) === true),
}

const longName = (tag: string) => (tag === 'Ref' ? 'Ref' : `Fn::${tag}`)
const shortForms: (ScalarTag | CollectionTag)[] = [
  'Ref',
  'Sub',
  'GetAtt',
  'If',
  'Equals',
  'Not',
  'Or',
].flatMap(tag => [
  { tag: `!${tag}`, resolve: (text: string) => ({ [longName(tag)]: text }) },
  {
    tag: `!${tag}`,
    collection: 'seq' as const,
    resolve: (sequence: { toJSON(): unknown }) => ({ [longName(tag)]: sequence.toJSON() }),
  } as unknown as CollectionTag,
])

function checkParameters(declared: Template['Parameters'], given: Values): Values {
  const unknown = Object.keys(given).filter(name => !(name in declared))
  if (unknown.length > 0) throw new Error(`Parameters: [${unknown.join(', ')}] do not exist in the template`)
  return Object.fromEntries(
    Object.entries(declared).map(([name, { Default, AllowedPattern, AllowedValues }]) => {
      const value = given[name] ?? Default
      if (value === undefined) throw new Error(`Parameters: [${name}] must have values`)
      if (AllowedValues && !AllowedValues.includes(value))
        throw new Error(`Parameter '${name}' must be one of AllowedValues`)
      if (AllowedPattern && !new RegExp(`^(?:${AllowedPattern})$`).test(value))
        throw new Error(`Parameter '${name}' must match pattern ${AllowedPattern}`)
      return [name, value]
    }),
  )
}
