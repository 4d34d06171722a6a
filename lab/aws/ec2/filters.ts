import { AwsError, listParameter, type QueryParameters } from '@meridian/lab-aws-protocol'
import type { Resource } from '@meridian/lab-world'

export type Filter = { name: string; values: string[] }

/** What a filter looks at; any one of several values will do. */
export type FilterValue = string | string[] | undefined

/** Reads `Filter.N.Name` and `Filter.N.Value.M`; throws on a filter that the operation does not know. */
export function readFilters(parameters: QueryParameters, known: string[]): Filter[] {
  const filters: Filter[] = []
  for (let index = 1; ; index += 1) {
    const name = parameters.get(`Filter.${index}.Name`)
    if (name === null) return filters
    if (!name.startsWith('tag:') && name !== 'tag-key' && !known.includes(name)) {
      throw new AwsError(400, 'InvalidParameterValue', `The filter '${name}' is invalid`)
    }
    filters.push({ name, values: listParameter(parameters, `Filter.${index}.Value`) })
  }
}

/** All filters must match; of a filter's values any one, with `*` and `?` as wildcards. */
export function matchesFilters(
  filters: Filter[],
  resource: Pick<Resource, 'tags'>,
  readValue: (name: string) => FilterValue,
): boolean {
  return filters.every(({ name, values }) => {
    if (name === 'tag-key') return Object.keys(resource.tags).some(key => matchesAny(key, values))
    const value = name.startsWith('tag:') ? resource.tags[name.slice(4)] : readValue(name)
    return [value ?? []].flat().some(each => matchesAny(each, values))
  })
}

function matchesAny(value: string, patterns: string[]): boolean {
  return patterns.some(pattern => {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')
    return new RegExp(`^${source}$`, 's').test(value)
  })
}
