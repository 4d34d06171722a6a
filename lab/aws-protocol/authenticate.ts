import { AwsError } from './aws-error.ts'
import type { AwsRequest } from './aws-request.ts'
import { checkSignature } from './check-signature.ts'
import { checkTime } from './check-time.ts'
import { isSigned } from './credential-scope.ts'
import type { Credentials } from './credentials.ts'

/**
 * The ARN of who has signed a request; throws the words in which its service turns away what is unsigned, late, or signed
 * with a key or secret that it does not know.
 */
export function authenticate(request: AwsRequest, credentials: Credentials, now: number): string {
  if (!isSigned(request.headers.authorization, request.query)) {
    throw request.service === 's3' || request.service === undefined
      ? new AwsError(403, 'AccessDenied', 'Access Denied')
      : new AwsError(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token')
  }
  checkTime(request, now)
  const { arn, secret } = credentials.identify(request)
  checkSignature(request, secret)
  return arn
}
