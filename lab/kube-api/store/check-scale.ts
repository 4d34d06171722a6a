import { valueAt } from '@meridian/lab-world/json'
import type { Kind } from '../kind.ts'
import type { KubeObject } from '../objects.ts'
import { type FieldProblem, invalidValue } from '../status-error.ts'

const most = 2_147_483_647

/** What is wrong with the replica counts of a custom resource that can be scaled. */
export function scaleProblems({ scale }: Kind, object: KubeObject): FieldProblem[] {
  return scale ? [scale.replicas, scale.status].flatMap(path => countProblems(object, path)) : []
}

function countProblems(object: KubeObject, path: string): FieldProblem[] {
  const field = `.${path}`
  const value = path ? valueAt(object, ...path.split('.')) : undefined
  if (value === undefined) return []
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    const problem = `${field} accessor error: ${describe(value)}, expected int64`
    return [invalidValue(field, 0, problem)]
  }
  if (value < 0) return [invalidValue(field, value, 'should be a non-negative integer')]
  return value > most ? [invalidValue(field, value, `should be less than or equal to ${most}`)] : []
}

function describe(value: unknown): string {
  if (value === null) return '<nil> is of the type <nil>'
  if (typeof value === 'number') return `${value} is of the type float64`
  if (typeof value === 'boolean') return `${value} is of the type bool`
  if (typeof value === 'string') return `${value} is of the type string`
  const type = Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}'
  return `${JSON.stringify(value)} is of the type ${type}`
}
