import type { QueryParameters } from './query.ts'

export type Tags = Record<string, string>

/** EC2's `Tag.1.Key`, `Tag.1.Value`, …, or those below another prefix. */
export function tagParameters(parameters: QueryParameters, prefix = 'Tag'): Tags {
  const tags: Tags = {}
  for (let index = 1; ; index += 1) {
    const key = parameters.get(`${prefix}.${index}.Key`)
    if (key === null) return tags
    tags[key] = parameters.get(`${prefix}.${index}.Value`) ?? ''
  }
}

/** EC2's tags at birth, by the type of what gets them. */
export function tagSpecifications(parameters: QueryParameters): { type: string; tags: Tags }[] {
  const found: { type: string; tags: Tags }[] = []
  for (let index = 1; ; index += 1) {
    const prefix = `TagSpecification.${index}`
    const type = parameters.get(`${prefix}.ResourceType`)
    if (type === null) return found
    found.push({ type, tags: tagParameters(parameters, `${prefix}.Tag`) })
  }
}

/** A list of `Key` and `Value`, as JSON services write tags. */
export function tagList(list: unknown): Tags {
  const pairs = (Array.isArray(list) ? list : []) as { Key?: string; Value?: string }[]
  return Object.fromEntries(pairs.map(({ Key = '', Value = '' }) => [Key, Value]))
}
