import type { AwsError } from './aws-error.ts'
import type { AwsAnswer, AwsRequest } from './aws-request.ts'
import type { Need } from './need.ts'

/** One AWS service of the world, found by the name in the credential scope of a request. */
export type Service = {
  /** Name in the request log. */
  name: string
  /** What a request asks for, as the service's model calls it (`ListHostedZones`). */
  operation(request: AwsRequest): string
  isWrite(operation: string): boolean
  /** What a request needs besides, by what the service has: of a key, for one. */
  needs?(request: AwsRequest, operation: string): Need[]
  answer(request: AwsRequest, operation: string): AwsAnswer | Promise<AwsAnswer>
  refuse(error: AwsError, request: AwsRequest): AwsAnswer
}

/** Operations of the Query and JSON services are reads exactly when they are named so. */
export function writesByName(operation: string): boolean {
  return !/^(Describe|Get|List|Head|Test|AssumeRole)/.test(operation)
}
