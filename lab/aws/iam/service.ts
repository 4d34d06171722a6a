import { AwsError, type QueryParameters, type Service, type XmlInput } from '@meridian/lab-aws-protocol'
import type { Resource, World } from '@meridian/lab-world'
import { createQueryService } from '../query-service.ts'
import { findEntity as find, policiesOf, roleOf } from './entities.ts'
import { entityChanges } from './entity-changes.ts'

const namespace = 'https://iam.amazonaws.com/doc/2010-05-08/'

/** Roles and instance profiles: their lists show no tags. */
export function createIam(world: World): Service {
  return createQueryService('iam', namespace, operation => {
    const perform = operations[operation]
    if (perform) return (parameters, { account }) => perform(entitiesOf(world, account), parameters)
    const change = entityChanges[operation]
    return change && ((parameters, { account }) => change(world, account, parameters))
  })
}

type Entities = { roles: Resource[]; profiles: Resource[] }

function entitiesOf({ inventory }: World, account: string): Entities {
  const list = (type: 'iam-role' | 'iam-instance-profile') => inventory.list({ type, account })
  return { roles: list('iam-role'), profiles: list('iam-instance-profile') }
}

const operations: Record<string, (entities: Entities, parameters: QueryParameters) => XmlInput> = {
  ListRoles: (entities, parameters) => list(entities.roles, parameters, 'Roles', describeRole),
  GetRole: (entities, parameters) => {
    const role = find(entities.roles, parameters.get('RoleName'), 'role')
    return { Role: { ...describeRole(role), Tags: writeTags(role) } }
  },
  ListRoleTags: (entities, parameters) => ({
    Tags: writeTags(find(entities.roles, parameters.get('RoleName'), 'role')),
    IsTruncated: false,
  }),
  ListInstanceProfiles: (entities, parameters) =>
    list(entities.profiles, parameters, 'InstanceProfiles', profile => describeProfile(entities, profile)),
  GetInstanceProfile: (entities, parameters) => {
    const profile = find(entities.profiles, parameters.get('InstanceProfileName'), 'instance profile')
    return { InstanceProfile: { ...describeProfile(entities, profile), Tags: writeTags(profile) } }
  },
  ListInstanceProfileTags: (entities, parameters) => ({
    Tags: writeTags(find(entities.profiles, parameters.get('InstanceProfileName'), 'instance profile')),
    IsTruncated: false,
  }),
  GetRolePolicy: (entities, parameters) => {
    const role = find(entities.roles, parameters.get('RoleName'), 'role')
    const name = parameters.get('PolicyName') ?? ''
    const document = policiesOf(role)[name]
    if (document === undefined) {
      throw new AwsError(404, 'NoSuchEntity', `The role policy with name ${name} cannot be found.`)
    }
    return { RoleName: role.name, PolicyName: name, PolicyDocument: encodeURIComponent(document) }
  },
  ListRolePolicies: (entities, parameters) => {
    const role = find(entities.roles, parameters.get('RoleName'), 'role')
    return { PolicyNames: { member: Object.keys(policiesOf(role)) }, IsTruncated: false }
  },
  ListAttachedRolePolicies: (entities, parameters) => {
    find(entities.roles, parameters.get('RoleName'), 'role')
    return { AttachedPolicies: '', IsTruncated: false }
  },
  ListOpenIDConnectProviders: () => ({ OpenIDConnectProviderList: '' }),
}

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

function describeRole({ name, arn, bornAt, attributes }: Resource): Record<string, XmlInput> {
  const { boundary, trust } = attributes
  return {
    RoleName: name,
    Arn: arn,
    Path: '/',
    RoleId: 'AROALABLABLABLABLABLA',
    CreateDate: iso(bornAt),
    ...(typeof trust === 'string' && { AssumeRolePolicyDocument: encodeURIComponent(trust) }),
    ...(typeof boundary === 'string' && {
      PermissionsBoundary: {
        PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
        PermissionsBoundaryArn: boundary,
      },
    }),
  }
}

function describeProfile({ roles: all }: Entities, profile: Resource): Record<string, XmlInput> {
  const { name, arn, bornAt } = profile
  const roles = all.filter(role => role.name === roleOf(profile))
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
