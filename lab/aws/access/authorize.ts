import type { Faults } from '../../world/index.ts'
import { isJson } from '../credentials.ts'
import { AwsError } from '../protocol/aws-error.ts'
import { permissionsOf } from './permissions.ts'

export type Access = {
  /** Service and operation as in the request log. */
  service: string
  operation: string
  /** ARN of who asks. */
  caller: string
  /** ARN, or `*` where a policy can name none. */
  resource: string
  /** The operation names a version of an object. */
  ofVersion?: boolean
}

/** Throws AWS's refusal when a fault `deny:<service>:<operation or permission>` takes away what a request needs. */
export function authorize(faults: Faults, access: Access): void {
  const denied = faults.details('deny')
  if (denied.length === 0) return
  const { service, operation, ofVersion } = access
  const permissions = permissionsOf(service, operation, ofVersion)
  const [own] = permissions
  const missing = denied.includes(`${service}:${operation}`)
    ? own
    : permissions.find(permission => denied.includes(permission))
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
