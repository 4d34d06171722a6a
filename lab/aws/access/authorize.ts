import type { Faults } from '../../world/index.ts'
import { isJson } from '../credentials.ts'
import { AwsError } from '../protocol/aws-error.ts'
import type { Policies } from './policies.ts'
import { anyResource, type Context, isAllowed } from './policy.ts'

export type Access = {
  /** Client, service and operation as in the request log. */
  client: string
  service: string
  operation: string
  /** ARN of who asks. */
  caller: string
  /** ARN, or `*` where a policy can name none. */
  resource: string
  /** Of the resource, where it exists. */
  tags?: Readonly<Record<string, string>>
  /** The IAM actions that it needs, its own first. */
  permissions: readonly string[]
  /** Condition keys of the request that policies can be about. */
  context?: Context
}

/**
 * Throws AWS's refusal of what the client's policy does not allow, or what a fault `deny:<service>:<operation or
 * permission>` takes away. Clients without a policy may do everything.
 */
export function authorize(faults: Faults, policies: Policies, access: Access): void {
  const { service, operation, permissions, client, resource, tags, context } = access
  const [own] = permissions
  const denied = faults.details('deny')
  const deniedHere = denied.includes(`${service}:${operation}`)
  const policy = policies[client]
  const missing = permissions.find(permission => {
    if (denied.includes(permission) || (deniedHere && permission === own)) return true
    const place = permission === own ? resource : anyResource
    const asked = { permission, resource: place, ...(tags && { tags }), ...(context && { context }) }
    return policy !== undefined && !isAllowed(policy, asked)
  })
  if (missing !== undefined) throw accessDenied(access, missing)
}

// Each service has a code of its own, and S3 puts the resource into quotation marks.
function accessDenied({ service, caller, resource }: Access, permission: string): AwsError {
  const quoted = service === 's3' ? `"${resource}"` : resource
  const on = resource === '*' ? '' : ` on resource: ${quoted}`
  const because = `because no identity-based policy allows the ${permission} action`
  const message = `User: ${caller} is not authorized to perform: ${permission}${on} ${because}`
  if (service === 'ec2') {
    const whole = `You are not authorized to perform this operation. ${message}`
    return new AwsError(403, 'UnauthorizedOperation', whole)
  }
  const json = isJson(service)
  return new AwsError(json ? 400 : 403, json ? 'AccessDeniedException' : 'AccessDenied', message)
}
