import type { Place, QueryParameters, XmlInput } from '@meridian/lab-aws-protocol'
import type { World } from '@meridian/lab-world'
import { visibleResources } from './describe.ts'
import { matchesFilters, readFilters } from './filters.ts'

/** One item per tag of every EC2 resource of a region; the type is the word that its ARN has for it. */
export function describeTags(world: World, place: Place, parameters: QueryParameters): XmlInput {
  const filters = readFilters(parameters, ['key', 'value', 'resource-id', 'resource-type'])
  const all = visibleResources(world, place)
    .filter(({ arn }) => arn.startsWith('arn:aws:ec2:'))
    .flatMap(({ id, arn, tags }) => {
      const resourceType = arn.split(':')[5]?.split('/')[0] ?? ''
      return Object.entries(tags).map(([key, value]) => ({ resourceId: id, resourceType, key, value }))
    })
  const item = all.filter(tag => {
    const values: Record<string, string> = {
      key: tag.key,
      value: tag.value,
      'resource-id': tag.resourceId,
      'resource-type': tag.resourceType,
    }
    return matchesFilters(filters, { tags: {} }, name => values[name])
  })
  return { tagSet: { item } }
}
