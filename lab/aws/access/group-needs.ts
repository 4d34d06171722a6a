import type { Need } from '@meridian/lab-aws-protocol'
import { type AwsRequest, readParameters, tagList, tagParameters } from '@meridian/lab-aws-protocol'
import { textAttribute } from '@meridian/lab-world'
import { templatePrefix } from '../autoscaling/mixed-instances.ts'
import { passing, roleOfProfile } from './iam-needs.ts'
import { type NeedsOf, requestTags, seen } from './need-parts.ts'

/** What an operation of Auto Scaling needs; a new group launches machines in the name of whoever makes it. */
export const autoscalingNeeds: NeedsOf = (world, operation, request) => {
  const parameters = readParameters(request)
  const permission = `autoscaling:${operation}`
  if (operation.startsWith('Describe')) return [{ permission, resource: '*' }]
  const { account, region } = request
  const name = parameters.get('AutoScalingGroupName') ?? parameters.get('Tags.member.1.ResourceId') ?? ''
  const [group] = world.inventory.list({ type: 'autoscaling-group', account, region, name })
  const path = `autoScalingGroup:*:autoScalingGroupName/${name}`
  const subject = group ? seen(group) : { resource: `arn:aws:autoscaling:${region}:${account}:${path}` }
  const tags = tagParameters(parameters, 'Tags.member')
  const own: Need = { permission, ...subject, context: requestTags(tags) }
  if (operation !== 'CreateAutoScalingGroup') return [own]
  const template = world.inventory.get(parameters.get(`${templatePrefix(parameters)}LaunchTemplateId`) ?? '')
  const role = template && roleOfProfile(world, request, textAttribute(template, 'profile') ?? '')
  const instance = `arn:aws:ec2:${region}:${account}:instance/*`
  const created = { 'ec2:CreateAction': ['RunInstances'], ...requestTags(tags) }
  return [
    own,
    ...(Object.keys(tags).length > 0 ? [{ ...own, permission: 'autoscaling:CreateOrUpdateTags' }] : []),
    { permission: 'ec2:RunInstances', resource: instance, context: requestTags(tags) },
    ...(template?.attributes.tagged
      ? [{ permission: 'ec2:CreateTags', resource: instance, context: created }]
      : []),
    ...(role === undefined ? [] : [passing(world, request, role)]),
  ]
}

/** What an operation of SQS needs. */
export const queueNeeds: NeedsOf = (world, operation, request) => {
  const body = readBody(request)
  const permission = `sqs:${operation}`
  if (operation === 'ListQueues') return [{ permission, resource: '*' }]
  const { account, region } = request
  const name = String(
    body.QueueName ??
      String(body.QueueUrl ?? '')
        .split('/')
        .at(-1),
  )
  const tags = (body.tags ?? body.Tags ?? {}) as Record<string, string>
  const [queue] = world.inventory.list({ type: 'sqs', account, region, name })
  const subject = queue ? seen(queue) : { resource: `arn:aws:sqs:${region}:${account}:${name}` }
  const own: Need = { permission, ...subject, context: requestTags(tags) }
  const tagging = operation === 'CreateQueue' && Object.keys(tags).length > 0
  return tagging ? [own, { ...own, permission: 'sqs:TagQueue' }] : [own]
}

/** What an operation of EventBridge needs. */
export const eventNeeds: NeedsOf = (world, operation, request) => {
  const body = readBody(request)
  const permission = `events:${operation}`
  if (operation === 'ListRules') return [{ permission, resource: '*' }]
  const { account, region } = request
  const name = String(
    body.Name ??
      body.Rule ??
      String(body.ResourceARN ?? '')
        .split('/')
        .at(-1),
  )
  const tags = tagList(body.Tags)
  const [rule] = world.inventory.list({ type: 'eventbridge-rule', account, region, name })
  const subject = rule ? seen(rule) : { resource: `arn:aws:events:${region}:${account}:rule/${name}` }
  const own: Need = { permission, ...subject, context: requestTags(tags) }
  const tagging = operation === 'PutRule' && Object.keys(tags).length > 0
  return tagging ? [own, { ...own, permission: 'events:TagResource' }] : [own]
}

function readBody({ body }: AwsRequest): Record<string, unknown> {
  try {
    return JSON.parse(body.toString('utf8') || '{}') as Record<string, unknown>
  } catch {
    return {}
  }
}
