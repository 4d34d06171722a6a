import { AwsError, type Place, type QueryParameters, type XmlInput } from '@meridian/lab-aws-protocol'
import type { Resource, World } from '@meridian/lab-world'

/** An operation on the groups of an account in a region. */
export type GroupOperation = (
  world: World,
  groups: Resource[],
  parameters: QueryParameters,
  place: Place,
) => XmlInput

/** The group that a request names; throws Auto Scaling's error for one that is not there. */
export function namedGroup(groups: readonly Resource[], parameters: QueryParameters): Resource {
  const name = parameters.get('AutoScalingGroupName') ?? ''
  const group = groups.find(each => each.name === name)
  if (!group) throw notFound(name)
  return group
}

/** 400, not 404: Auto Scaling takes a group that is not there for a wrong parameter. */
export function notFound(name: string): AwsError {
  return new AwsError(
    400,
    'ValidationError',
    `AutoScalingGroup name not found - AutoScalingGroup '${name}' not found`,
  )
}
