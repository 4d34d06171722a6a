import { AwsError, type AwsRequest, isSigned } from '@meridian/lab-aws-protocol'
import type { World } from '@meridian/lab-world'
import type { Credentials } from '../credentials.ts'
import { type Access, authorize } from './authorize.ts'
import { checkSignature } from './check-signature.ts'
import { checkTime } from './check-time.ts'
import type { Policies } from './policies.ts'

/** What a request asks of which service, and of which resource, as policies name it. */
export type Asked = Omit<Access, 'caller'>

/** Lets a request in, or throws the words in which its service turns it away: unsigned, unknown, late, forbidden. */
export type Admission = (request: AwsRequest, asked: Asked) => void

export function createAdmission(world: World, credentials: Credentials, policies: Policies): Admission {
  let count = 0
  return (request, asked) => {
    count += 1
    if (world.faults.details('expire-sessions').includes(String(count))) credentials.expireAll()
    // A web identity is its own proof.
    if (asked.operation === 'AssumeRoleWithWebIdentity') return
    if (!isSigned(request.headers.authorization, request.query)) {
      throw request.service === 's3' || request.service === undefined
        ? new AwsError(403, 'AccessDenied', 'Access Denied')
        : new AwsError(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token')
    }
    checkTime(request, world.clock.now())
    const { arn, secret } = credentials.identify(request)
    checkSignature(request, secret)
    authorize(world.faults, policies, { ...asked, caller: arn })
  }
}
