import {
  addResource,
  deleteResource,
  type Resource,
  randomText,
  textAttribute,
  type World,
} from '../../world/index.ts'
import { AwsError } from '../protocol/aws-error.ts'
import type { Place } from '../protocol/aws-request.ts'
import { listParameter, type QueryParameters } from '../protocol/query.ts'
import { tagParameters } from '../protocol/tag-parameters.ts'
import type { XmlInput } from '../protocol/xml.ts'

type Operation = (world: World, place: Place, parameters: QueryParameters) => XmlInput

/** The target groups of a region. */
export function targetGroupsOf(world: World, { account, region }: Place): Resource[] {
  return world.inventory.list({ type: 'target-group', account, region })
}

/** What makes, changes, shows and removes target groups. */
export const targetOperations: Record<string, Operation> = {
  CreateTargetGroup(world, { account, region }, parameters) {
    const name = parameters.get('Name') ?? ''
    const made = addResource(world, {
      type: 'target-group',
      account,
      region,
      id: `${name}/${randomText(world.random, 16)}`,
      name,
      tags: tagParameters(parameters, 'Tags.member'),
      attributes: { vpcId: parameters.get('VpcId'), port: Number(parameters.get('Port')) },
    })
    return { TargetGroups: { member: [describe(world)(made)] } }
  },
  DescribeTargetGroups(world, place, parameters) {
    const [arns, names] = ['TargetGroupArns', 'Names'].map(list =>
      listParameter(parameters, `${list}.member`),
    )
    const found = targetGroupsOf(world, place).filter(
      ({ arn, name = '' }) =>
        (!arns?.length || arns.includes(arn)) && (!names?.length || names.includes(name)),
    )
    return { TargetGroups: { member: found.map(describe(world)) } }
  },
  ModifyTargetGroupAttributes(world, place, parameters) {
    const group = findGroup(world, place, parameters)
    const settings = tagParameters(parameters, 'Attributes.member')
    group.attributes.settings = { ...(group.attributes.settings as object), ...settings }
    return { Attributes: { member: writeSettings(group) } }
  },
  DescribeTargetGroupAttributes: (world, place, parameters) => ({
    Attributes: { member: writeSettings(findGroup(world, place, parameters)) },
  }),
  DeleteTargetGroup(world, place, parameters) {
    const arn = parameters.get('TargetGroupArn')
    const group = targetGroupsOf(world, place).find(each => each.arn === arn)
    const deletion = group && deleteResource(world, group.id)
    if (deletion?.outcome === 'blocked') throw new AwsError(400, deletion.code, deletion.message)
    return ''
  },
}

function findGroup(world: World, place: Place, parameters: QueryParameters): Resource {
  const arn = parameters.get('TargetGroupArn') ?? ''
  const found = targetGroupsOf(world, place).find(each => each.arn === arn)
  if (!found) throw new AwsError(400, 'TargetGroupNotFound', `One or more target groups not found: '${arn}'`)
  return found
}

function describe(world: World) {
  return (group: Resource) => {
    const balancer = world.inventory.get(textAttribute(group, 'loadBalancer') ?? '')
    return {
      TargetGroupArn: group.arn,
      TargetGroupName: group.name,
      Protocol: 'TCP',
      Port: Number(group.attributes.port ?? 443),
      VpcId: textAttribute(group, 'vpcId'),
      LoadBalancerArns: { member: balancer ? [balancer.arn] : [] },
      TargetType: 'instance',
    }
  }
}

function writeSettings({ attributes }: Resource): XmlInput[] {
  const settings = (attributes.settings ?? {}) as Record<string, string>
  return Object.entries(settings).map(([Key, Value]) => ({ Key, Value }))
}
