import {
  AwsError,
  listParameter,
  type Place,
  type QueryParameters,
  type XmlInput,
} from '@meridian/lab-aws-protocol'
import { type Resource, textAttribute, type World } from '@meridian/lab-world'
import { type FilterValue, matchesFilters, readFilters } from './filters.ts'

/** How one Describe operation shows a kind of resource. */
export type Description = {
  type: Resource['type']
  /** Name of the set element in the answer. */
  set: string
  /** Parameter that lists ids, and the error code for an id that does not exist. */
  idParameter: string
  notFound: string
  /** Values by filter name; tag filters and `vpc-id` need no entry. */
  filters: Record<string, (resource: Resource, world: World) => FilterValue>
  item(resource: Resource, world: World): XmlInput
}

/** The page of items that a Describe operation answers, in the order of birth. */
export function describeResources(
  world: World,
  place: Place,
  description: Description,
  parameters: QueryParameters,
): XmlInput {
  const known = visibleResources(world, place, description.type)
  const ids = listParameter(parameters, description.idParameter)
  const missing = ids.find(id => !known.some(resource => resource.id === id))
  if (missing !== undefined) {
    throw new AwsError(400, description.notFound, `The ${description.type} ID '${missing}' does not exist`)
  }
  const filters = readFilters(parameters, [...Object.keys(description.filters), 'vpc-id'])
  const all = known.filter(
    resource =>
      (ids.length === 0 || ids.includes(resource.id)) &&
      matchesFilters(filters, resource, name => (description.filters[name] ?? vpcOf)(resource, world)),
  )
  return cutPage(all, parameters, page => ({
    [description.set]: { item: page.map(resource => description.item(resource, world)) },
  }))
}

const lingering: readonly string[] = ['instance', 'natgateway']

/** Terminated instances and deleted NAT gateways stay visible for about an hour, in EC2 as in the tagging API. */
export function visibleResources(world: World, place: Place, type?: Resource['type']): Resource[] {
  const wanted = (resource: Resource) => isAt(resource, place) && (!type || resource.type === type)
  const hour = 3_600_000 / world.clock.scale
  const terminated = world.inventory.departed
    .filter(({ resource, at }) => lingering.includes(resource.type) && world.clock.now() - at < hour)
    .map(({ resource }) => resource)
  return [...world.inventory.list(wanted), ...terminated.filter(wanted)]
}

/** Whether a resource is in this account and region. */
export function isAt({ account, region }: Place, place: Place): boolean {
  return account === place.account && region === place.region
}

// The only filter that every kind of resource knows besides tags.
function vpcOf(resource: Resource): string | undefined {
  return textAttribute(resource, 'vpcId')
}

function cutPage(
  all: Resource[],
  parameters: QueryParameters,
  write: (page: Resource[]) => Record<string, XmlInput>,
): XmlInput {
  const most = Number(parameters.get('MaxResults') ?? 1000)
  const begin = Number(Buffer.from(parameters.get('NextToken') ?? '', 'base64url').toString() || 0)
  const end = begin + most
  const next = end < all.length ? Buffer.from(String(end)).toString('base64url') : undefined
  return { ...write(all.slice(begin, end)), nextToken: next }
}

/** A resource's tags as EC2 shows them. */
export function writeTagSet(resource: Resource): XmlInput {
  return { item: Object.entries(resource.tags).map(([key, value]) => ({ key, value })) }
}
