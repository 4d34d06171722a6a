import { AwsError, type AwsRequest, header } from '@meridian/lab-aws-protocol'
import { permissionsOfRequest } from '../access/permissions.ts'
import type { Bucket } from './bucket.ts'

/**
 * Refuses whoever names another owner than the bucket has, and of other accounts all whom the bucket's policy does
 * not let in. What the caller's own policy allows has been judged before.
 */
export function checkAccess(bucket: Bucket, request: AwsRequest, operation: string): void {
  const expected = header(request, 'x-amz-expected-bucket-owner')
  if (expected !== undefined && expected !== bucket.account) throw accessDenied()
  if (request.account === bucket.account) return
  const needed = permissionsOfRequest('s3', operation, request)
  const granted = bucket.grants
    .filter(({ account }) => account === request.account)
    .flatMap(({ actions }) => actions)
  if (!needed.every(action => granted.some(pattern => covers(pattern, action)))) throw accessDenied()
}

function covers(pattern: string, action: string): boolean {
  return pattern.endsWith('*') ? action.startsWith(pattern.slice(0, -1)) : action === pattern
}

function accessDenied(): AwsError {
  return new AwsError(403, 'AccessDenied', 'Access Denied')
}
