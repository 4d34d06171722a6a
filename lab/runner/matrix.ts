import { isDeepStrictEqual } from 'node:util'
import { isFields } from '@meridian/lab-world/json'
import { render, type Scope } from './expressions.ts'

export type Combination = Record<string, unknown>
export type Strategy = { legs: (Combination | undefined)[]; failFast: boolean; maxParallel: number }

/** GitHub's limit for the legs of one matrix. */
const mostLegs = 256

/** Renders a job's `strategy`; a job without a matrix has the single leg `undefined`. */
export function readStrategy(strategy: unknown, scope: Scope): Strategy {
  const rendered = render(strategy ?? {}, scope)
  if (!isFields(rendered)) throw new Error('strategy must be a mapping')
  const { matrix, 'fail-fast': failFast = true, 'max-parallel': maxParallel = mostLegs } = rendered
  const legs = matrix === undefined ? [undefined] : expandMatrix(matrix)
  return { legs, failFast: failFast === true, maxParallel: Number(maxParallel) }
}

/**
 * All combinations of a matrix, in GitHub's order: the product of the vectors, without those that match an
 * `exclude`, extended and followed by what `include` adds.
 */
export function expandMatrix(matrix: unknown): Combination[] {
  if (!isFields(matrix)) throw new Error('strategy.matrix must be a mapping')
  const { include, exclude, ...vectors } = matrix
  const excluded = combinations(exclude, 'exclude')
  const product = productOf(vectors).filter(leg => !excluded.some(part => matches(leg, part)))
  const legs = addIncluded(Object.keys(vectors).length > 0 ? product : [], combinations(include, 'include'))
  if (legs.length === 0) throw new Error('the matrix does not contain any combination')
  if (legs.length > mostLegs)
    throw new Error(`the matrix has ${legs.length} combinations; ${mostLegs} are allowed`)
  return legs
}

/** The name that GitHub shows for a leg: scalars of the combination, nested ones too, in parentheses. */
export function legName(job: string, leg: Combination | undefined): string {
  return leg === undefined ? job : `${job} (${scalars(leg).join(', ')})`
}

function productOf(vectors: Record<string, unknown>): Combination[] {
  return Object.entries(vectors).reduce<Combination[]>(
    (legs, [key, values]) => {
      if (!Array.isArray(values) || values.length === 0)
        throw new Error(`matrix vector '${key}' does not contain any values`)
      return legs.flatMap(leg => values.map(value => ({ ...leg, [key]: value })))
    },
    [{}],
  )
}

/** An include extends each original combination whose own values it does not contradict; else it is a new one. */
function addIncluded(product: Combination[], included: Combination[]): Combination[] {
  const legs = product.map(leg => ({ ...leg }))
  const added: Combination[] = []
  for (const extra of included) {
    const extended = product.flatMap((original, at) => (agrees(original, extra) ? [at] : []))
    for (const at of extended) Object.assign(legs[at] ?? {}, extra)
    if (extended.length === 0) added.push({ ...extra })
  }
  return [...legs, ...added]
}

function agrees(original: Combination, extra: Combination): boolean {
  return Object.entries(extra).every(
    ([key, value]) => !(key in original) || isDeepStrictEqual(original[key], value),
  )
}

function matches(leg: Combination, part: Combination): boolean {
  return Object.entries(part).every(([key, value]) => isDeepStrictEqual(leg[key], value))
}

function combinations(value: unknown, where: string): Combination[] {
  if (value === undefined) return []
  if (!Array.isArray(value) || !value.every(isFields))
    throw new Error(`matrix.${where} must be a list of mappings`)
  return value
}

function scalars(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(scalars)
  return isFields(value) ? Object.values(value).flatMap(scalars) : [String(value)]
}
