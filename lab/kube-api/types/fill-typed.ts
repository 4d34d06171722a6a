import { type Fields, isFields } from '@meridian/lab-world/json'
import type { Kind } from '../kind.ts'
import type { KubeObject } from '../objects.ts'
import { publishedSchema, resolve } from '../schema/published.ts'
import type { Schema } from '../schema/schema.ts'
import { type Default, typeDefaults } from './defaults.ts'
import { child } from './fill.ts'
import { typeNameOf, typeNameOfKind } from './type-name.ts'

type Plan = { own?: Default; below: readonly (readonly [field: string, plan: Plan])[] }

const plans = new Map<string, Plan | undefined>()

/** Fills in the defaults of one of Kubernetes' own kinds, outer types before inner ones. */
export function fillTyped(kind: Kind, object: KubeObject): void {
  const schema = publishedSchema(kind)
  if (!schema) return
  if (schema.properties?.spec?.$ref) child(object, 'spec')
  const plan = planOf(typeNameOfKind(kind), schema)
  if (plan) fillIn(object, plan, object)
}

/** What is to be filled in of a type; undefined for one that has no defaults in all of its parts. */
function planOf(name: string, schema: Schema): Plan | undefined {
  if (plans.has(name)) return plans.get(name)
  // A type within itself has no defaults.
  plans.set(name, undefined)
  const own = typeDefaults[name]
  const below = Object.entries(resolve(schema).properties ?? {}).flatMap(([field, property]) => {
    const { $ref } = property.items ?? property
    const plan = $ref && field !== 'status' ? planOf(typeNameOf($ref), property.items ?? property) : undefined
    return plan ? [[field, plan] as const] : []
  })
  const plan = own || below.length > 0 ? { ...(own ? { own } : {}), below } : undefined
  plans.set(name, plan)
  return plan
}

function fillIn(value: Fields, { own, below }: Plan, object: Fields): void {
  own?.(value, object)
  for (const [field, plan] of below) {
    const part = value[field]
    if (Array.isArray(part)) {
      for (const item of part) if (isFields(item)) fillIn(item, plan, object)
    } else if (isFields(part)) fillIn(part, plan, object)
  }
}
