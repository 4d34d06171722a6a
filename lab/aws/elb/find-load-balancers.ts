import { AwsError, type Place, type QueryParameters } from '@meridian/lab-aws-protocol'
import type { Resource, World } from '@meridian/lab-world'
import { isAt } from '../ec2/describe.ts'

/** A page of load balancers and where the next one begins. */
export type LoadBalancerPage = { page: Resource[]; nextMarker: string | undefined }

function isClassic(resource: Resource): boolean {
  return resource.attributes.type === 'classic'
}

/** The load balancers of a region that one of the two ELB services knows. */
export function loadBalancersOf(world: World, place: Place, classic: boolean): Resource[] {
  return world.inventory.list(
    resource => resource.type === 'load-balancer' && isAt(resource, place) && isClassic(resource) === classic,
  )
}

/** Those with the wanted keys, in their order of birth; throws `code` for a key that nobody has. */
export function pickLoadBalancers(
  all: Resource[],
  wanted: string[],
  keysOf: (resource: Resource) => (string | undefined)[],
  refuse: (key: string) => AwsError,
): Resource[] {
  const missing = wanted.find(key => !all.some(resource => keysOf(resource).includes(key)))
  if (missing !== undefined) throw refuse(missing)
  if (wanted.length === 0) return all
  return all.filter(resource => keysOf(resource).some(key => key !== undefined && wanted.includes(key)))
}

/** The marker is the place of the next page's first load balancer. */
export function cutLoadBalancerPage(all: Resource[], parameters: QueryParameters): LoadBalancerPage {
  const size = Number(parameters.get('PageSize') ?? 400)
  if (!Number.isInteger(size) || size < 1 || size > 400) {
    throw new AwsError(
      400,
      'ValidationError',
      `1 validation error detected: Value '${size}' at 'pageSize' is invalid`,
    )
  }
  const begin = Number(parameters.get('Marker') ?? 0)
  const end = begin + size
  return { page: all.slice(begin, end), nextMarker: end < all.length ? String(end) : undefined }
}
