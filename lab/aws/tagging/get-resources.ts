import { AwsError, type Place } from '@meridian/lab-aws-protocol'
import type { Resource, ResourceType, World } from '@meridian/lab-world'
import { isAt, visibleResources } from '../ec2/describe.ts'

type TagFilter = { Key?: string; Values?: string[] }
type Query = {
  TagFilters?: TagFilter[]
  ResourceTypeFilters?: string[]
  ResourcesPerPage?: number
  PaginationToken?: string
}

/** What the tagging API does not know, as a run of kops against it shows. */
const unlisted: ResourceType[] = [
  'autoscaling-group',
  'dhcp-options',
  'eventbridge-rule',
  'health-check',
  'iam-instance-profile',
  'iam-role',
  'launch-template',
  'record-set',
]

/** Tagged resources of a region; terminated instances are still among them for about an hour. */
export function getResources(world: World, place: Place, query: Query): object {
  const { TagFilters = [], ResourceTypeFilters = [], ResourcesPerPage = 50, PaginationToken } = query
  if (!Number.isInteger(ResourcesPerPage) || ResourcesPerPage < 1 || ResourcesPerPage > 100) {
    throw new AwsError(400, 'InvalidParameterException', 'ResourcesPerPage must be between 1 and 100')
  }
  const begin = readToken(PaginationToken)
  const found = [...visibleResources(world, place), ...recentlyDeleted(world, place)].filter(
    resource =>
      !unlisted.includes(resource.type) &&
      Object.keys(resource.tags).length > 0 &&
      TagFilters.every(filter => matchesFilter(resource, filter)) &&
      (ResourceTypeFilters.length === 0 || ResourceTypeFilters.some(type => isOfType(resource, type))),
  )
  const end = begin + ResourcesPerPage
  return {
    PaginationToken: end < found.length ? Buffer.from(String(end)).toString('base64') : '',
    ResourceTagMappingList: found.slice(begin, end).map(({ arn, tags }) => ({
      ResourceARN: arn,
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    })),
  }
}

const staleSeconds = 120

/** The listing is a copy that may lag: as a fault, it lags for two minutes. */
function recentlyDeleted(world: World, place: Place): Resource[] {
  if (!world.faults.active('stale-tags')) return []
  const recent = (staleSeconds * 1000) / world.clock.scale
  return world.inventory.departed
    .filter(({ resource, at }) => resource.type !== 'instance' && world.clock.now() - at < recent)
    .map(({ resource }) => resource)
    .filter(resource => isAt(resource, place))
}

function matchesFilter({ tags }: Resource, { Key = '', Values = [] }: TagFilter): boolean {
  const value = tags[Key]
  return value !== undefined && (Values.length === 0 || Values.includes(value))
}

// A type filter is a service (`ec2`) or a service and a type (`ec2:instance`), as in the ARN.
function isOfType({ arn }: Resource, wanted: string): boolean {
  const [, , service = '', , , path = ''] = arn.split(':')
  return wanted === service || wanted === `${service}:${path.split('/')[0]}`
}

function readToken(token: string | undefined): number {
  if (!token) return 0
  const begin = Number(Buffer.from(token, 'base64').toString())
  if (!Number.isInteger(begin))
    throw new AwsError(400, 'PaginationTokenExpiredException', 'The pagination token is not valid.')
  return begin
}
