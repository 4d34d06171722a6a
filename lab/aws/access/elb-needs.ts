import { listParameter, readParameters, tagParameters } from '@meridian/lab-aws-protocol'
import type { Resource } from '@meridian/lab-world'
import { type NeedsOf, requestTags, seen } from './need-parts.ts'

const isClassic = ({ type, attributes }: Resource) =>
  type === 'load-balancer' && attributes.type === 'classic'

const made: Record<string, string> = {
  CreateLoadBalancer: 'loadbalancer/net',
  CreateTargetGroup: 'targetgroup',
}

/** What an operation of Elastic Load Balancing needs. */
export const elbNeeds: NeedsOf = (world, operation, request) => {
  const parameters = readParameters(request)
  const permission = `elasticloadbalancing:${operation}`
  if (operation.startsWith('Describe')) return [{ permission, resource: '*' }]
  const tags = tagParameters(parameters, 'Tags.member')
  const context = requestTags(tags)
  const kind = made[operation]
  if (kind !== undefined) {
    const path = `${kind}/${parameters.get('Name')}/*`
    const resource = `arn:aws:elasticloadbalancing:${request.region}:${request.account}:${path}`
    const tagging = { ...context, 'elasticloadbalancing:CreateAction': [operation] }
    return [
      { permission, resource, context },
      ...(Object.keys(tags).length > 0
        ? [{ permission: 'elasticloadbalancing:AddTags', resource, context: tagging }]
        : []),
    ]
  }
  const arns = ['LoadBalancerArn', 'TargetGroupArn']
    .map(name => parameters.get(name))
    .filter(arn => arn !== null)
  const all = [...arns, ...listParameter(parameters, 'ResourceArns.member')]
  const { account, region } = request
  const known = world.inventory.list({ account })
  // Those of the first generation are named, which is enough in their region.
  const name = parameters.get('LoadBalancerName')
  const classic = known.filter(each => isClassic(each) && each.region === region && each.name === name)
  const subjects = [...classic, ...all.map(arn => known.find(each => each.arn === arn) ?? arn)]
  if (subjects.length === 0) return [{ permission, resource: '*' }]
  return subjects.map(each => ({
    permission,
    ...(typeof each === 'string' ? { resource: each } : seen(each)),
    context,
  }))
}
