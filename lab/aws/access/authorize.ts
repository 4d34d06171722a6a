import { type Asked, AwsError, isJson, isRest, type Need } from '@meridian/lab-aws-protocol'
import type { Faults } from '@meridian/lab-world'
import type { Policies } from './policies.ts'
import { isAllowed } from './policy.ts'

/** What is asked, and the ARN of who asks. */
type Access = Asked & { caller: string }

/**
 * Throws AWS's refusal of what the client's policy does not allow, or what a fault `deny:<service>:<operation or
 * permission>` takes away. Clients without a policy may do everything.
 */
export function authorize(faults: Faults, policies: Policies, access: Access): void {
  const { service, operation, needs, client } = access
  const denied = faults.details('deny')
  const deniedHere = denied.includes(`${service}:${operation}`)
  const policy = policies[client]
  const missing = needs.find((need, at) => {
    if (denied.includes(need.permission) || (deniedHere && at === 0)) return true
    return policy !== undefined && !isAllowed(policy, need)
  })
  if (missing !== undefined) throw accessDenied(access, missing)
}

// Each service has a code of its own, and S3 puts the resource into quotation marks.
function accessDenied({ service, caller }: Access, { permission, resource }: Need): AwsError {
  const quoted = service === 's3' ? `"${resource}"` : resource
  const on = resource === '*' ? '' : ` on resource: ${quoted}`
  const because = `because no identity-based policy allows the ${permission} action`
  const message = `User: ${caller} is not authorized to perform: ${permission}${on} ${because}`
  if (service === 'ec2') {
    const whole = `You are not authorized to perform this operation. ${message}`
    return new AwsError(403, 'UnauthorizedOperation', whole)
  }
  const json = isJson(service)
  return new AwsError(
    json && !isRest(service) ? 400 : 403,
    json ? 'AccessDeniedException' : 'AccessDenied',
    message,
  )
}
