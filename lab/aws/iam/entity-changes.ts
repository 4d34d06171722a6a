import {
  AwsError,
  listParameter,
  type QueryParameters,
  tagParameters,
  type XmlInput,
} from '@meridian/lab-aws-protocol'
import { addResource, deleteResource, type Resource, type World } from '@meridian/lab-world'
import { findEntity, policiesOf, roleOf } from './entities.ts'

type Change = (world: World, account: string, parameters: QueryParameters) => XmlInput

// IAM has no regions; the world keeps its things where it signs for them.
const region = 'us-east-1'

/** What makes, changes and removes roles and instance profiles. */
export const entityChanges: Record<string, Change> = {
  CreateRole(world, account, parameters) {
    const name = parameters.get('RoleName') ?? ''
    refuseTwin(world.inventory.list({ type: 'iam-role', account, name }).length, `Role with name ${name}`)
    const boundary = parameters.get('PermissionsBoundary')
    const attributes = {
      trust: parameters.get('AssumeRolePolicyDocument'),
      ...(boundary !== null && { boundary }),
    }
    const tags = tagParameters(parameters, 'Tags.member')
    const role = addResource(world, { type: 'iam-role', account, region, id: name, name, tags, attributes })
    return { Role: { RoleName: name, Arn: role.arn, Path: '/', RoleId: 'AROALABLABLABLABLABLA' } }
  },
  PutRolePolicy(world, account, parameters) {
    const role = roleNamed(world, account, parameters)
    const name = parameters.get('PolicyName') ?? ''
    role.attributes.policies = { ...policiesOf(role), [name]: parameters.get('PolicyDocument') ?? '' }
    return ''
  },
  DeleteRolePolicy(world, account, parameters) {
    const role = roleNamed(world, account, parameters)
    const name = parameters.get('PolicyName') ?? ''
    const { [name]: gone, ...others } = policiesOf(role)
    if (gone === undefined)
      throw new AwsError(404, 'NoSuchEntity', `The role policy with name ${name} cannot be found.`)
    role.attributes.policies = others
    return ''
  },
  PutRolePermissionsBoundary(world, account, parameters) {
    roleNamed(world, account, parameters).attributes.boundary = parameters.get('PermissionsBoundary')
    return ''
  },
  UpdateAssumeRolePolicy(world, account, parameters) {
    roleNamed(world, account, parameters).attributes.trust = parameters.get('PolicyDocument')
    return ''
  },
  TagRole(world, account, parameters) {
    world.inventory.tag(roleNamed(world, account, parameters).id, tagParameters(parameters, 'Tags.member'))
    return ''
  },
  UntagRole(world, account, parameters) {
    untag(roleNamed(world, account, parameters), parameters)
    return ''
  },
  UntagInstanceProfile(world, account, parameters) {
    untag(profileNamed(world, account, parameters), parameters)
    return ''
  },
  DeleteRole(world, account, parameters) {
    const role = roleNamed(world, account, parameters)
    const profiles = world.inventory.list({ type: 'iam-instance-profile', account })
    if (Object.keys(policiesOf(role)).length > 0) throw conflict('must delete policies first.')
    if (profiles.some(profile => roleOf(profile) === role.name)) {
      throw conflict('must remove roles from instance profile first.')
    }
    deleteResource(world, role.id)
    return ''
  },
  CreateInstanceProfile(world, account, parameters) {
    const name = parameters.get('InstanceProfileName') ?? ''
    const twins = world.inventory.list({ type: 'iam-instance-profile', account, name }).length
    refuseTwin(twins, `Instance Profile ${name}`)
    const tags = tagParameters(parameters, 'Tags.member')
    // The world allows one id per resource, while in IAM a role and its profile share their name.
    const given = {
      type: 'iam-instance-profile',
      account,
      region,
      id: `profile/${name}`,
      name,
      tags,
    } as const
    const { arn } = addResource(world, given)
    return {
      InstanceProfile: {
        InstanceProfileName: name,
        Arn: arn,
        Path: '/',
        InstanceProfileId: 'AIPALABLABLABLABLABLA',
      },
    }
  },
  TagInstanceProfile(world, account, parameters) {
    world.inventory.tag(profileNamed(world, account, parameters).id, tagParameters(parameters, 'Tags.member'))
    return ''
  },
  AddRoleToInstanceProfile(world, account, parameters) {
    const profile = profileNamed(world, account, parameters)
    if (roleOf(profile) !== undefined) {
      throw new AwsError(
        409,
        'LimitExceeded',
        'Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1',
      )
    }
    profile.attributes.role = roleNamed(world, account, parameters).name
    return ''
  },
  RemoveRoleFromInstanceProfile(world, account, parameters) {
    delete profileNamed(world, account, parameters).attributes.role
    return ''
  },
  DeleteInstanceProfile(world, account, parameters) {
    const profile = profileNamed(world, account, parameters)
    if (roleOf(profile) !== undefined) throw conflict('must remove roles from instance profile first.')
    deleteResource(world, profile.id)
    return ''
  },
}

function untag({ tags }: Resource, parameters: QueryParameters): void {
  for (const key of listParameter(parameters, 'TagKeys.member')) delete tags[key]
}

function roleNamed(world: World, account: string, parameters: QueryParameters) {
  return findEntity(world.inventory.list({ type: 'iam-role', account }), parameters.get('RoleName'), 'role')
}

function profileNamed(world: World, account: string, parameters: QueryParameters) {
  const all = world.inventory.list({ type: 'iam-instance-profile', account })
  return findEntity(all, parameters.get('InstanceProfileName'), 'instance profile')
}

function refuseTwin(twins: number, what: string): void {
  if (twins > 0) throw new AwsError(409, 'EntityAlreadyExists', `${what} already exists.`)
}

const conflict = (what: string) => new AwsError(409, 'DeleteConflict', `Cannot delete entity, ${what}`)
