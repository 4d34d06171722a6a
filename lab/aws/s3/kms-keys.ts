import type { Need } from '@meridian/lab-aws-protocol'
import { AwsError, type AwsRequest, header } from '@meridian/lab-aws-protocol'
import type { Bucket } from './bucket.ts'

/** The one key of the lab's accounts, which is a multi-Region one: it is in every region. */
export const labKey = 'mrk-1234abcd12ab34cd56ef1234567890ab'

const algorithmHeader = 'x-amz-server-side-encryption'
const keyHeader = `${algorithmHeader}-aws-kms-key-id`

/** What an object is encrypted with, as headers tell it: as the request says, else by the bucket's default. */
export function encryptionOf(bucket: Bucket, request: AwsRequest): Record<string, string> {
  const { algorithm, keyId } = bucket.encryption
  const asked = header(request, algorithmHeader)
  const key = asked === undefined || asked === algorithm ? (header(request, keyHeader) ?? keyId) : undefined
  const arn = key === undefined ? undefined : arnOf(bucket, key)
  return { [algorithmHeader]: asked ?? algorithm, ...(arn !== undefined && { [keyHeader]: arn }) }
}

/** Refuses what would be encrypted with a key that there is not. */
export function checkKey(bucket: Bucket, headers: Record<string, string>): void {
  const arn = headers[keyHeader]
  if (arn === undefined || arn === arnOf(bucket, labKey)) return
  const region = arn.split(':')[3]
  const why = region === bucket.region ? `Key '${arn}' does not exist` : `Invalid arn ${region}`
  throw new AwsError(400, 'KMS.NotFoundException', why)
}

/** S3 asks KMS in the name of whoever writes or reads; keys of AWS's own are open to all of the account. */
export function keyNeeds(bucket: Bucket, operation: string, key: string, request: AwsRequest): Need[] {
  const writes = ['PutObject', 'CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload']
  if (writes.includes(operation)) {
    const arn = encryptionOf(bucket, request)[keyHeader]
    // The parts of an upload are deciphered to be put together.
    const permissions = operation === 'PutObject' ? ['GenerateDataKey'] : ['GenerateDataKey', 'Decrypt']
    return arn === undefined ? [] : permissions.map(permission => keyNeed(bucket, permission, arn))
  }
  if (operation !== 'GetObject') return []
  const versionId = request.query.get('versionId')
  const version = versionId === null ? bucket.objects.latest(key) : bucket.objects.find(key, versionId)
  const arn = version?.headers[keyHeader]
  return arn === undefined ? [] : [keyNeed(bucket, 'Decrypt', arn)]
}

/** What is needed of a key through S3. */
export function keyNeed({ region }: Pick<Bucket, 'region'>, permission: string, arn: string): Need {
  const context = { 'kms:ViaService': [`s3.${region}.amazonaws.com`] }
  return { permission: `kms:${permission}`, resource: arn, context }
}

/** The ARN of a bucket's own key; undefined for a key of AWS's. */
export function defaultKey(bucket: Bucket): string | undefined {
  const { keyId } = bucket.encryption
  return keyId === undefined ? undefined : arnOf(bucket, keyId)
}

function arnOf({ region, account }: Bucket, key: string): string {
  return key.startsWith('arn:') ? key : `arn:aws:kms:${region}:${account}:key/${key}`
}
