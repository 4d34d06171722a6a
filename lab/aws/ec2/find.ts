import { AwsError, type Place } from '@meridian/lab-aws-protocol'
import type { Resource, ResourceType, World } from '@meridian/lab-world'
import { deletions, notFoundCode } from './deletions.ts'
import { isAt } from './describe.ts'

/** A thing of EC2 by its id, of any type where none is said; throws EC2's error for one that is not there. */
export function find(world: World, place: Place, type: ResourceType | undefined, id: string): Resource {
  const resource = world.inventory.get(id)
  if (resource && (type === undefined || resource.type === type) && isAt(resource, place)) return resource
  const known = Object.values(deletions).find(each => each.type === type)
  throw new AwsError(
    400,
    notFoundCode(known?.notFound ?? 'InvalidID'),
    `The ${type ?? ''} ID '${id}' does not exist`,
  )
}
