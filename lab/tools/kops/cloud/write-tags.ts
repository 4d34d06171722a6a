import type { Parameters } from '../cloud-client.ts'

type Tags = Readonly<Record<string, string>>

/** Tags that EC2 gives to what is made. */
export function tagSpecification(type: string, tags: Tags): Parameters {
  const prefix = 'TagSpecification.1'
  return { [`${prefix}.ResourceType`]: type, ...numbered(`${prefix}.Tag`, tags) }
}

/** `<prefix>.1.Key`, `<prefix>.1.Value`, … */
export function numbered(prefix: string, tags: Tags): Parameters {
  const pairs = Object.entries(tags).flatMap(([key, value], index) => [
    [`${prefix}.${index + 1}.Key`, key],
    [`${prefix}.${index + 1}.Value`, value],
  ])
  return Object.fromEntries(pairs)
}

/** `<prefix>.1`, `<prefix>.2`, … */
export function members(prefix: string, values: readonly string[]): Parameters {
  return Object.fromEntries(values.map((value, index) => [`${prefix}.${index + 1}`, value]))
}

/** `Filter.1.Name`, `Filter.1.Value.1`, … as EC2 writes filters. */
export function filters(wanted: Readonly<Record<string, string>>): Parameters {
  const pairs = Object.entries(wanted).flatMap(([name, value], index) => [
    [`Filter.${index + 1}.Name`, name],
    [`Filter.${index + 1}.Value.1`, value],
  ])
  return Object.fromEntries(pairs)
}

/** Tags as services with JSON take them. */
export const tagObjects = (tags: Tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
