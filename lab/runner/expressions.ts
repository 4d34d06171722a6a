import { data, Evaluator, Lexer, Parser } from '@actions/expressions'
import type { FunctionDefinition } from '@actions/expressions/funcs/info'
import { truthy } from '@actions/expressions/result'

/** What an expression can see: contexts as plain data and the status functions. */
export type Scope = {
  contexts: Readonly<Record<string, unknown>>
  status?: Readonly<Record<'success' | 'failure' | 'cancelled' | 'always', () => boolean>>
}

const contextNames = [
  'env',
  'github',
  'inputs',
  'job',
  'jobs',
  'matrix',
  'needs',
  'runner',
  'secrets',
  'steps',
  'strategy',
  'vars',
]

/** Evaluates one expression (without `${{ }}`) with GitHub's own evaluator; the result is plain data. */
export function evaluate(expression: string, scope: Scope): unknown {
  return toPlain(evaluateData(expression, scope))
}

/** Whether a condition holds, by GitHub's notion of truth ('' and 0 and null are false, 'false' is true). */
export function isTrue(expression: string, scope: Scope): boolean {
  return truthy(evaluateData(expression, scope))
}

/**
 * Replaces the expressions in a YAML value, at any depth. A text that is nothing but one expression becomes the
 * expression's value with its type; in a longer text the values are inserted as text.
 */
export function render(value: unknown, scope: Scope): unknown {
  if (typeof value === 'string') return renderString(value, scope)
  if (Array.isArray(value)) return value.map(item => render(item, scope))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, render(item, scope)]))
  }
  return value
}

/** Renders a value that must be a scalar, as text; `what` names it in the error. */
export function renderText(value: unknown, scope: Scope, what: string): string {
  const rendered = render(value, scope)
  if (typeof rendered === 'object' && rendered !== null) {
    throw new Error(`${what}: a ${Array.isArray(rendered) ? 'sequence' : 'mapping'} was not expected`)
  }
  return toData(rendered).coerceString()
}

/** Renders a mapping of scalars, such as `env` and `with`. */
export function renderTexts(value: unknown, scope: Scope, what: string): Record<string, string> {
  const mapping = value === undefined || value === null ? {} : render(value, scope)
  if (typeof mapping !== 'object' || mapping === null) throw new Error(`${what}: a mapping was expected`)
  return Object.fromEntries(
    Object.entries(mapping).map(([key, item]) => [key, renderText(item, scope, `${what}.${key}`)]),
  )
}

function evaluateData(expression: string, scope: Scope): data.ExpressionData {
  const functions = new Map(
    Object.entries(scope.status ?? {}).map(([name, test]) => [name, statusFunction(name, test)]),
  )
  const tree = new Parser(new Lexer(expression).lex().tokens, contextNames, [...functions.values()]).parse()
  // Names are compared without their case; what is not named need not be converted.
  const named = expression.toLowerCase()
  const contexts = contextNames
    .filter(key => named.includes(key))
    .map(key => ({ key, value: toData(scope.contexts[key]) }))
  return new Evaluator(tree, new data.Dictionary(...contexts), functions).evaluate()
}

function statusFunction(name: string, test: () => boolean): FunctionDefinition {
  return { name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(test()) }
}

function renderString(text: string, scope: Scope): unknown {
  const parts = splitExpressions(text)
  const [only] = parts
  if (parts.length === 1 && only?.expression !== undefined) return evaluate(only.expression, scope)
  return parts
    .map(part =>
      part.expression === undefined ? part.text : evaluateData(part.expression, scope).coerceString(),
    )
    .join('')
}

type Part = { text: string; expression?: undefined } | { expression: string }

/** Splits at `${{ }}`; a `}}` inside a quoted string of the expression does not end it. */
function splitExpressions(text: string): Part[] {
  const parts: Part[] = []
  const pattern = /\$\{\{((?:'(?:[^']|'')*'|[^'])*?)\}\}/g
  let from = 0
  for (const match of text.matchAll(pattern)) {
    if (match.index > from) parts.push({ text: text.slice(from, match.index) })
    parts.push({ expression: (match[1] ?? '').trim() })
    from = match.index + match[0].length
  }
  if (from < text.length || parts.length === 0) parts.push({ text: text.slice(from) })
  return parts
}

function toData(value: unknown): data.ExpressionData {
  return JSON.parse(JSON.stringify(value ?? null), data.reviver)
}

function toPlain(value: data.ExpressionData): unknown {
  return JSON.parse(JSON.stringify(value, data.replacer))
}
