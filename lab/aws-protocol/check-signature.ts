import { AwsError } from './aws-error.ts'
import { type AwsRequest, header } from './aws-request.ts'
import { isJson } from './credentials.ts'
import { type SigningScope, sha256, signatureOf } from './signature.ts'

/** Refuses a request that was not signed with the secret of its key, in the words of its service. */
export function checkSignature(request: AwsRequest, secret: string): void {
  const { service = '', query } = request
  const field = (name: string, parameter: string) =>
    new RegExp(`${name}=([^,\\s]+)`).exec(header(request, 'authorization') ?? '')?.[1] ?? query.get(parameter)
  const scope = (field('Credential', 'X-Amz-Credential') ?? '').split('/').slice(1) as unknown as SigningScope
  const signedHeaders = (field('SignedHeaders', 'X-Amz-SignedHeaders') ?? '').split(';')
  const stamp = header(request, 'x-amz-date') ?? query.get('X-Amz-Date') ?? ''
  const presigned = service === 's3' && query.has('X-Amz-Signature')
  const payload =
    header(request, 'x-amz-content-sha256') ?? (presigned ? 'UNSIGNED-PAYLOAD' : sha256(request.body))
  const headers = Object.fromEntries(signedHeaders.map(name => [name, header(request, name)]))
  const expected = signatureOf({ ...request, headers, signedHeaders, payload }, secret, scope, stamp)
  if (field('Signature', 'X-Amz-Signature') !== expected) throw mismatch(service)
}

function mismatch(service: string): AwsError {
  if (service === 'ec2')
    return new AwsError(401, 'AuthFailure', 'AWS was not able to validate the provided access credentials')
  const where = service === 's3' ? 'key' : 'AWS Secret Access Key'
  const words = `The request signature we calculated does not match the signature you provided. Check your ${where} and signing method.`
  const rest = service === 's3' ? '' : ' Consult the service documentation for details.'
  return new AwsError(
    403,
    isJson(service) ? 'InvalidSignatureException' : 'SignatureDoesNotMatch',
    `${words}${rest}`,
  )
}
