import { type AwsRequest, type Need, readParameters } from '@meridian/lab-aws-protocol'
import type { World } from '@meridian/lab-world'
import { ec2Needs } from './ec2-needs.ts'
import { eksNeeds } from './eks-needs.ts'
import { elbNeeds } from './elb-needs.ts'
import { autoscalingNeeds, eventNeeds, queueNeeds } from './group-needs.ts'
import { iamNeeds } from './iam-needs.ts'
import type { NeedsOf } from './need-parts.ts'
import { permissionsOfRequest } from './permissions.ts'
import { requestContext } from './request-context.ts'
import { resourceArn } from './resource-arn.ts'

const byService: Record<string, NeedsOf> = {
  autoscaling: autoscalingNeeds,
  ec2: ec2Needs,
  eks: eksNeeds,
  elasticloadbalancing: elbNeeds,
  events: eventNeeds,
  iam: iamNeeds,
  sqs: queueNeeds,
  sts: stsNeeds,
}

// A role of one's own account that names the caller is enough; to one of another account his own policy has to let him.
function stsNeeds(...[, operation, request]: Parameters<NeedsOf>): Need[] | undefined {
  if (operation !== 'AssumeRole') return undefined
  const resource = readParameters(request).get('RoleArn') ?? '*'
  return resource.includes(`::${request.account}:`) ? [] : [{ permission: 'sts:AssumeRole', resource }]
}

/** Everything that a request needs, its own permission first. Source: AWS's Service Authorization Reference. */
export function needsOf(world: World, service: string, operation: string, request: AwsRequest): Need[] {
  const own = byService[service]?.(world, operation, request)
  if (own) return own
  const resource = resourceArn(service, request)
  const context = requestContext(operation, request)
  return permissionsOfRequest(service, operation, request).map(permission => ({
    permission,
    resource,
    ...(context && { context }),
  }))
}
