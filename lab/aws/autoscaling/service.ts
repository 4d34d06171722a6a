import {
  AwsError,
  listParameter,
  type QueryParameters,
  type Service,
  type XmlInput,
} from '@meridian/lab-aws-protocol'
import {
  deleteResource,
  instancesOf,
  type Resource,
  retryLaunches,
  textAttribute,
  type World,
} from '@meridian/lab-world'
import { matchesFilters } from '../ec2/filters.ts'
import { createQueryService } from '../query-service.ts'
import { groupChanges, targetGroupsOf } from './group-changes.ts'
import { type GroupOperation, notFound } from './group-operation.ts'
import { groupParts } from './group-parts.ts'
import { describeLaunch } from './mixed-instances.ts'

const namespace = 'http://autoscaling.amazonaws.com/doc/2011-01-01/'

/** EC2 Auto Scaling: groups with their instances, and what became of their attempts to launch some. */
export function createAutoscaling(world: World): Service {
  return createQueryService('autoscaling', namespace, operation => {
    const perform = operations[operation]
    return (
      perform &&
      ((parameters, { account, region }) => {
        const groups = world.inventory.list({ type: 'autoscaling-group', account, region })
        return perform(world, groups, parameters, { account, region })
      })
    )
  })
}

const operations: Record<string, GroupOperation> = {
  ...groupChanges,
  ...groupParts,
  DescribeAutoScalingGroups(world, groups, parameters) {
    const names = listParameter(parameters, 'AutoScalingGroupNames.member')
    const filters = readGroupFilters(parameters)
    const found = groups.filter(
      group =>
        (names.length === 0 || names.includes(group.name ?? group.id)) &&
        matchesFilters(filters, group, () => undefined),
    )
    for (const group of found) retryLaunches(world, group)
    const { page, NextToken } = cutPage(found, parameters, 50)
    return { AutoScalingGroups: { member: page.map(group => describe(world, group)) }, NextToken }
  },
  DescribeScalingActivities(world, groups, parameters) {
    const wanted = parameters.get('AutoScalingGroupName')
    if (wanted !== null && !groups.some(({ name }) => name === wanted)) throw notFound(wanted)
    const asked = groups.filter(({ name }) => wanted === null || name === wanted)
    const found = world.activities
      .filter(({ account, group }) => asked.some(each => each.account === account && each.name === group))
      .reverse()
    const { page, NextToken } = cutPage(found, parameters, 100)
    return {
      Activities: {
        member: page.map(({ group, at, status, description, message }) => ({
          AutoScalingGroupName: group,
          Description: description,
          StartTime: new Date(at).toISOString(),
          StatusCode: status,
          StatusMessage: message,
          Progress: 100,
        })),
      },
      NextToken,
    }
  },
  DeleteAutoScalingGroup(world, groups, parameters) {
    const name = parameters.get('AutoScalingGroupName') ?? ''
    const group = groups.find(each => each.name === name)
    if (!group) throw notFound(name)
    if (parameters.get('ForceDelete') !== 'true' && instancesOf(world, group).length > 0) {
      const message = 'You cannot delete an AutoScalingGroup while there are instances still in the group.'
      throw new AwsError(400, 'ResourceInUse', message)
    }
    deleteResource(world, group.id)
    return ''
  },
}

// Auto Scaling numbers its filters as members, and calls the values a list of members too.
function readGroupFilters(parameters: QueryParameters) {
  const filters: { name: string; values: string[] }[] = []
  for (let index = 1; ; index += 1) {
    const name = parameters.get(`Filters.member.${index}.Name`)
    if (name === null) return filters
    if (!name.startsWith('tag:') && name !== 'tag-key') {
      throw new AwsError(400, 'ValidationError', `Filter type ${name} is not correct.`)
    }
    filters.push({ name, values: listParameter(parameters, `Filters.member.${index}.Values.member`) })
  }
}

function describe(world: World, group: Resource): XmlInput {
  const { minSize, maxSize, desiredCapacity } = group.attributes
  return {
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: group.arn,
    MinSize: Number(minSize ?? 0),
    MaxSize: Number(maxSize ?? 0),
    DesiredCapacity: Number(desiredCapacity ?? minSize ?? 0),
    CreatedTime: new Date(group.bornAt).toISOString(),
    AvailabilityZones: { member: textAttribute(group, 'availabilityZone') },
    VPCZoneIdentifier: textAttribute(group, 'subnetId'),
    ...describeLaunch(group),
    TargetGroupARNs: { member: targetGroupsOf(group) },
    Instances: {
      member: instancesOf(world, group).map(instance => ({
        InstanceId: instance.id,
        InstanceType: textAttribute(instance, 'instanceType'),
        AvailabilityZone: textAttribute(instance, 'availabilityZone'),
        LifecycleState: 'InService',
        HealthStatus: 'Healthy',
        ProtectedFromScaleIn: false,
        LaunchTemplate: {
          LaunchTemplateId: textAttribute(instance, 'launchTemplate'),
          Version: String(instance.attributes.templateVersion ?? 1),
        },
      })),
    },
    Tags: {
      member: Object.entries(group.tags).map(([Key, Value]) => ({
        ResourceId: group.name,
        ResourceType: 'auto-scaling-group',
        Key,
        Value,
        PropagateAtLaunch: true,
      })),
    },
  }
}

function cutPage<T>(all: T[], parameters: QueryParameters, usual: number) {
  const begin = Number(parameters.get('NextToken') ?? 0)
  const end = begin + Number(parameters.get('MaxRecords') ?? usual)
  return { page: all.slice(begin, end), NextToken: end < all.length ? String(end) : undefined }
}
