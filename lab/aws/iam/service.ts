import type { Resource, World } from '../../world/index.ts'
import { AwsError } from '../protocol/aws-error.ts'
import type { QueryParameters } from '../protocol/query.ts'
import type { XmlInput } from '../protocol/xml.ts'
import { createQueryService } from '../query-service.ts'
import type { Service } from '../service.ts'

const namespace = 'https://iam.amazonaws.com/doc/2010-05-08/'

/** The reads of IAM by which roles and instance profiles of a cluster are found: their lists show no tags. */
export function createIam(world: World): Service {
  return createQueryService('iam', namespace, operation => {
    const perform = operations[operation]
    return perform && (parameters => perform(world, parameters))
  })
}

const operations: Record<string, (world: World, parameters: QueryParameters) => XmlInput> = {
  ListRoles: (world, parameters) => list(rolesOf(world), parameters, 'Roles', describeRole),
  GetRole: (world, parameters) => {
    const role = find(rolesOf(world), parameters.get('RoleName'), 'role')
    return { Role: { ...describeRole(role), Tags: writeTags(role) } }
  },
  ListRoleTags: (world, parameters) => ({
    Tags: writeTags(find(rolesOf(world), parameters.get('RoleName'), 'role')),
    IsTruncated: false,
  }),
  ListInstanceProfiles: (world, parameters) =>
    list(profilesOf(world), parameters, 'InstanceProfiles', profile => describeProfile(world, profile)),
  GetInstanceProfile: (world, parameters) => {
    const profile = find(profilesOf(world), parameters.get('InstanceProfileName'), 'instance profile')
    return { InstanceProfile: { ...describeProfile(world, profile), Tags: writeTags(profile) } }
  },
  ListInstanceProfileTags: (world, parameters) => ({
    Tags: writeTags(find(profilesOf(world), parameters.get('InstanceProfileName'), 'instance profile')),
    IsTruncated: false,
  }),
  ListOpenIDConnectProviders: () => ({ OpenIDConnectProviderList: '' }),
}

const rolesOf = (world: World) => world.inventory.list({ type: 'iam-role' })
const profilesOf = (world: World) => world.inventory.list({ type: 'iam-instance-profile' })

function list(
  all: Resource[],
  parameters: QueryParameters,
  set: string,
  describe: (resource: Resource) => XmlInput,
): XmlInput {
  const begin = Number(parameters.get('Marker') ?? 0)
  const end = begin + Number(parameters.get('MaxItems') ?? 100)
  const more = end < all.length
  return {
    [set]: { member: all.slice(begin, end).map(describe) },
    IsTruncated: more,
    Marker: more ? String(end) : undefined,
  }
}

function find(all: Resource[], name: string | null, what: string): Resource {
  const found = all.find(resource => resource.name === name)
  if (found) return found
  const kind = what === 'role' ? `The role with name ${name}` : `Instance Profile ${name}`
  throw new AwsError(404, 'NoSuchEntity', `${kind} cannot be found.`)
}

function describeRole({ name, arn, bornAt }: Resource): Record<string, XmlInput> {
  return { RoleName: name, Arn: arn, Path: '/', RoleId: 'AROALABLABLABLABLABLA', CreateDate: iso(bornAt) }
}

function describeProfile(world: World, { name, arn, bornAt }: Resource): Record<string, XmlInput> {
  const roles = rolesOf(world).filter(role => role.name === name)
  return {
    InstanceProfileName: name,
    Arn: arn,
    Path: '/',
    InstanceProfileId: 'AIPALABLABLABLABLABLA',
    CreateDate: iso(bornAt),
    Roles: { member: roles.map(describeRole) },
  }
}

function writeTags({ tags }: Resource): XmlInput {
  return { member: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }
}

const iso = (at: number) => new Date(at).toISOString()
