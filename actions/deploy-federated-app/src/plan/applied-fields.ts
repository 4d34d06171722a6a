import type { KubeObject } from '@meridian/kube'

/** A set of fields in the spelling of managedFields: `f:name` of a mapping, `k:{…}` and `v:…` of a list. */
export type FieldSet = { [step: string]: FieldSet }
type Entry = { manager?: string; operation?: string; subresource?: string; fieldsV1?: FieldSet }

/**
 * The part of an object that a manager has applied, as it would have to be applied to come to be again; `undefined`
 * where the manager has applied nothing. Read from `metadata.managedFields`, as kubectl and client-go do it.
 */
export function extractApplied(live: KubeObject, manager: string): KubeObject | undefined {
  const fields = appliedFields(live, manager)
  return fields && pickPart(live, fields)
}

/**
 * What a manager would have to apply to have an object be as it was `before` it was changed into `after`: all that it
 * applied then, and what was there of all that it has applied since.
 */
export function extractFormer(
  before: KubeObject,
  after: KubeObject | undefined,
  manager: string,
): KubeObject {
  const sets = [before, after].flatMap(each => (each && appliedFields(each, manager)) ?? [])
  return pickPart(before, sets.reduce(unite, {}))
}

/** The fields that a manager has applied and nobody has changed since; `undefined` where there are none. */
export function appliedFields(live: KubeObject, manager: string): FieldSet | undefined {
  const entries = (live.metadata as { managedFields?: Entry[] }).managedFields ?? []
  const own = entries.find(
    each => each.manager === manager && each.operation === 'Apply' && !each.subresource,
  )
  return own?.fieldsV1 && Object.keys(own.fieldsV1).length > 0 ? own.fieldsV1 : undefined
}

function unite(a: FieldSet, b: FieldSet): FieldSet {
  const steps = Object.entries(b).map(([step, inner]) => [step, unite(a[step] ?? {}, inner)])
  return { ...a, ...Object.fromEntries(steps) }
}

function pickPart(live: KubeObject, fields: FieldSet): KubeObject {
  const { name, namespace } = live.metadata
  const part = pickFields(live, fields) as Partial<KubeObject>
  return {
    ...part,
    apiVersion: live.apiVersion,
    kind: live.kind,
    metadata: { ...part.metadata, name, ...(namespace && { namespace }) },
  }
}

function pickFields(value: unknown, fields: FieldSet): unknown {
  const steps = Object.entries(fields).filter(([step]) => step !== '.')
  if (Array.isArray(value)) {
    // An empty set is a list that is owned whole; a list that is merged has its items in the set.
    return steps.length === 0 ? value : steps.flatMap(([step, inner]) => pickItem(value, step, inner))
  }
  if (typeof value !== 'object' || value === null || Object.keys(fields).length === 0) return value
  const mapping = value as Record<string, unknown>
  return Object.fromEntries(
    steps.flatMap(([step, inner]) => {
      const key = step.slice(2)
      return key in mapping ? [[key, pickFields(mapping[key], inner)]] : []
    }),
  )
}

function pickItem(items: readonly unknown[], step: string, inner: FieldSet): unknown[] {
  const wanted: unknown = JSON.parse(step.slice(2))
  if (step.startsWith('v:')) return items.includes(wanted) ? [wanted] : []
  const keys = Object.entries(wanted as Record<string, unknown>)
  const item = items.find(each =>
    keys.every(([key, value]) => (each as Record<string, unknown>)[key] === value),
  )
  if (item === undefined) return []
  const part = pickFields(item, inner) as object
  // A key that the server has filled in (a port's protocol) is not among the fields; an item may be nothing but keys.
  return [Object.keys(part).length > 0 ? part : wanted]
}
