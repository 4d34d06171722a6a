import {
  AwsError,
  listParameter,
  type Place,
  type QueryParameters,
  tagParameters,
  type XmlInput,
} from '@meridian/lab-aws-protocol'
import {
  addResource,
  deleteResource,
  type Resource,
  randomText,
  textAttribute,
  type World,
} from '@meridian/lab-world'

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
  DescribeTargetHealth(world, place, parameters) {
    const group = findGroup(world, place, parameters)
    const ids = targetIds(parameters)
    const member = ids.map(Id => ({ Target: { Id }, TargetHealth: { State: healthOf(world, group, Id) } }))
    return { TargetHealthDescriptions: { member } }
  },
  DeregisterTargets(world, place, parameters) {
    const group = findGroup(world, place, parameters)
    const leaving = leavingOf(group)
    for (const id of targetIds(parameters)) leaving[id] ??= world.clock.elapsed()
    group.attributes.leaving = leaving
    return ''
  },
  DeleteTargetGroup(world, place, parameters) {
    const arn = parameters.get('TargetGroupArn')
    const group = targetGroupsOf(world, place).find(each => each.arn === arn)
    const deletion = group && deleteResource(world, group.id)
    if (deletion?.outcome === 'blocked') throw new AwsError(400, deletion.code, deletion.message)
    return ''
  },
}

function targetIds(parameters: QueryParameters): string[] {
  const ids: string[] = []
  for (let index = 1; ; index += 1) {
    const id = parameters.get(`Targets.member.${index}.Id`)
    if (id === null) return ids
    ids.push(id)
  }
}

/** World seconds at which targets began to leave, by id. */
const leavingOf = ({ attributes }: Resource) => (attributes.leaving ?? {}) as Record<string, number>
const usualDelay = 300

/** A target drains for as long as the group's setting says before it is unused. */
function healthOf(world: World, group: Resource, id: string): 'healthy' | 'draining' | 'unused' {
  const since = leavingOf(group)[id]
  const settings = (group.attributes.settings ?? {}) as Record<string, string>
  const delay = Number(settings['deregistration_delay.timeout_seconds'] ?? usualDelay)
  if (since !== undefined) return world.clock.elapsed() < since + delay ? 'draining' : 'unused'
  const scaling = world.inventory.get(id)?.tags['aws:autoscaling:groupName']
  const [owner] = world.inventory.list({ type: 'autoscaling-group', name: scaling, region: group.region })
  const targets = (owner?.attributes.targetGroups ?? []) as string[]
  return scaling !== undefined && targets.includes(group.arn) ? 'healthy' : 'unused'
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
