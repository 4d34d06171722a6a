import type { Context, Need } from '@meridian/lab-aws-protocol'
import { type AwsRequest, readParameters, tagParameters } from '@meridian/lab-aws-protocol'
import { type Resource, textAttribute, type World } from '@meridian/lab-world'
import { roleOf } from '../iam/entities.ts'
import { type NeedsOf, requestTags, seen } from './need-parts.ts'

/** What an operation of IAM needs: on the role or profile that it names, with the boundary that the role has or gets. */
export const iamNeeds: NeedsOf = (world, operation, request) => {
  const parameters = readParameters(request)
  const permission = `iam:${operation}`
  if (/^List(Roles|InstanceProfiles|OpenID)/.test(operation)) return [{ permission, resource: '*' }]
  const [role, profile] = [parameters.get('RoleName'), parameters.get('InstanceProfileName')]
  const tags = tagParameters(parameters, 'Tags.member')
  const subject =
    profile === null
      ? entity(world, request, 'role', role)
      : entity(world, request, 'instance-profile', profile)
  const boundary =
    parameters.get('PermissionsBoundary') ?? (profile === null ? boundaryOf(world, request, role) : undefined)
  const context: Context = {
    ...requestTags(tags),
    ...(boundary && { 'iam:PermissionsBoundary': [boundary] }),
  }
  const own: Need = { permission, ...subject, context }
  if (operation === 'CreateRole' && Object.keys(tags).length > 0)
    return [own, { ...own, permission: 'iam:TagRole' }]
  if (operation === 'AddRoleToInstanceProfile') return [own, passing(world, request, role)]
  return [own]
}

/** The permission to hand a role to EC2's machines. */
export function passing(world: World, request: AwsRequest, role: string | null): Need {
  const context = { 'iam:PassedToService': ['ec2.amazonaws.com'] }
  return { permission: 'iam:PassRole', ...entity(world, request, 'role', role), context }
}

/** The role of the profile that a launch template names. */
export function roleOfProfile(world: World, { account }: AwsRequest, profile: string): string | undefined {
  const [found] = world.inventory.list({ type: 'iam-instance-profile', account, name: profile })
  return found && roleOf(found)
}

function boundaryOf(world: World, request: AwsRequest, role: string | null): string | undefined {
  const found = findEntity(world, request, 'iam-role', role)
  return found && textAttribute(found, 'boundary')
}

function entity(world: World, request: AwsRequest, kind: 'role' | 'instance-profile', name: string | null) {
  const found = findEntity(world, request, kind === 'role' ? 'iam-role' : 'iam-instance-profile', name)
  return found ? seen(found) : { resource: `arn:aws:iam::${request.account}:${kind}/${name}` }
}

type EntityType = 'iam-role' | 'iam-instance-profile'

function findEntity(
  world: World,
  { account }: AwsRequest,
  type: EntityType,
  name: string | null,
): Resource | undefined {
  return name === null ? undefined : world.inventory.list({ type, account, name })[0]
}
