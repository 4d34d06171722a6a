import {
  AwsError,
  listParameter,
  type Place,
  type QueryParameters,
  tagParameters,
} from '@meridian/lab-aws-protocol'
import {
  addResource,
  detachInstance,
  instancesOf,
  type Resource,
  resizeGroup,
  textAttribute,
  type World,
} from '@meridian/lab-world'
import { findTemplate } from '../ec2/launch-templates.ts'
import { type GroupOperation, namedGroup } from './group-operation.ts'
import { isMixed, mixedIn, mixedOf, templatePrefix } from './mixed-instances.ts'

/** What makes, resizes, ties and tags groups. */
export const groupChanges: Record<string, GroupOperation> = {
  CreateAutoScalingGroup(world, groups, parameters, place) {
    const name = parameters.get('AutoScalingGroupName') ?? ''
    if (groups.some(group => group.name === name)) {
      const message = 'AutoScalingGroup by this name already exists - A group with the name already exists'
      throw new AwsError(400, 'AlreadyExists', message)
    }
    addResource(world, {
      type: 'autoscaling-group',
      ...place,
      name,
      tags: tagParameters(parameters, 'Tags.member'),
      attributes: {
        minSize: Number(parameters.get('MinSize')),
        maxSize: Number(parameters.get('MaxSize')),
        ...machinesOf(world, place, parameters),
        mixed: mixedOf(world, place, parameters),
        targetGroups: listParameter(parameters, 'TargetGroupARNs.member'),
      },
    })
    return ''
  },
  UpdateAutoScalingGroup(world, groups, parameters, place) {
    const group = namedGroup(groups, parameters)
    if (isMixed(parameters)) group.attributes.mixed = mixedOf(world, place, parameters, mixedIn(group))
    else if (parameters.has('LaunchTemplate.LaunchTemplateId')) delete group.attributes.mixed
    const size = (field: string) => Number(parameters.get(field) ?? group.attributes[lower(field)] ?? 0)
    resizeGroup(world, group, { minSize: size('MinSize'), maxSize: size('MaxSize') })
    return ''
  },
  DetachInstances(world, groups, parameters) {
    const group = namedGroup(groups, parameters)
    for (const id of listParameter(parameters, 'InstanceIds.member')) {
      const instance = instancesOf(world, group).find(each => each.id === id)
      if (!instance) throw notMember(id, group)
      detachInstance(world, group, instance)
    }
    return { Activities: '' }
  },
  CreateOrUpdateTags(world, groups, parameters) {
    const name = parameters.get('Tags.member.1.ResourceId')
    const group = namedGroup(groups, new URLSearchParams({ AutoScalingGroupName: name ?? '' }))
    world.inventory.tag(group.id, tagParameters(parameters, 'Tags.member'))
    return ''
  },
  AttachLoadBalancerTargetGroups(_, groups, parameters) {
    const group = namedGroup(groups, parameters)
    const added = listParameter(parameters, 'TargetGroupARNs.member')
    group.attributes.targetGroups = [...new Set([...targetGroupsOf(group), ...added])]
    return ''
  },
}

function notMember(id: string, { name }: Resource): AwsError {
  return new AwsError(400, 'ValidationError', `The instance ${id} is not part of Auto Scaling group ${name}.`)
}

/** ARNs of the target groups that a group's machines register with. */
export const targetGroupsOf = ({ attributes }: Resource) => (attributes.targetGroups ?? []) as string[]

// What a group launches, and where: the template's type, in the subnet.
function machinesOf(world: World, place: Place, parameters: QueryParameters) {
  const template = findTemplate(world, place, parameters, templatePrefix(parameters))
  const subnetId = parameters.get('VPCZoneIdentifier')?.split(',')[0] ?? ''
  const subnet = world.inventory.get(subnetId)
  return {
    instanceType: textAttribute(template, 'instanceType'),
    launchTemplate: template.id,
    subnetId,
    availabilityZone: subnet && textAttribute(subnet, 'availabilityZone'),
    vpcId: subnet && textAttribute(subnet, 'vpcId'),
  }
}

const lower = (field: string) => field.charAt(0).toLowerCase() + field.slice(1)
