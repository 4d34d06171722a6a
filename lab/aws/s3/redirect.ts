import { AwsError, type AwsRequest } from '@meridian/lab-aws-protocol'
import type { World } from '@meridian/lab-world'
import type { Bucket } from './bucket.ts'

/** A new bucket's name leads to us-east-1 until the names of S3 have learnt its region. */
const propagationSeconds = 300

/**
 * What S3 says to a request that is signed for another region than the bucket's. Its own endpoint, and the global
 * one once the name has spread, reject the signature; the endpoint of another region redirects.
 */
export function elsewhere(world: World, bucket: Bucket, request: AwsRequest): AwsError {
  const { name, region } = bucket
  const headers = { 'x-amz-bucket-region': region }
  const endpoint = `${name}.s3.${region}.amazonaws.com`
  const details = { Endpoint: endpoint, Bucket: name }
  const global = request.host === `${name}.s3.amazonaws.com`
  const age = ((world.clock.now() - bucket.createdAt) / 1000) * world.clock.scale
  if (global && age < propagationSeconds) {
    const words =
      'Please re-send this request to the specified temporary endpoint. Continue to use the original request endpoint for future requests.'
    const location = `https://${endpoint}${request.path}`
    return new AwsError(307, 'TemporaryRedirect', words, { details, headers: { ...headers, location } })
  }
  if (global || request.host === endpoint || world.faults.active('s3-malformed')) {
    const words = `The authorization header is malformed; the region '${request.region}' is wrong; expecting '${region}'`
    return new AwsError(400, 'AuthorizationHeaderMalformed', words, { details: { Region: region }, headers })
  }
  const words =
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.'
  return new AwsError(301, 'PermanentRedirect', words, { details, headers })
}
