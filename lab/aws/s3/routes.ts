import type { AwsRequest } from '@meridian/lab-aws-protocol'
import { readAddress } from './address.ts'

/** Operations by method and by the query parameter that selects them; '' is the plain one. */
const bucketRoutes: Record<string, Record<string, string>> = {
  GET: {
    location: 'GetBucketLocation',
    versioning: 'GetBucketVersioning',
    encryption: 'GetBucketEncryption',
    publicAccessBlock: 'GetPublicAccessBlock',
    tagging: 'GetBucketTagging',
    policy: 'GetBucketPolicy',
    policyStatus: 'GetBucketPolicyStatus',
    ownershipControls: 'GetBucketOwnershipControls',
    'object-lock': 'GetObjectLockConfiguration',
    versions: 'ListObjectVersions',
    uploads: 'ListMultipartUploads',
    'list-type': 'ListObjectsV2',
    '': 'ListObjects',
  },
  PUT: {
    versioning: 'PutBucketVersioning',
    encryption: 'PutBucketEncryption',
    publicAccessBlock: 'PutPublicAccessBlock',
    tagging: 'PutBucketTagging',
    ownershipControls: 'PutBucketOwnershipControls',
    '': 'CreateBucket',
  },
  DELETE: {
    tagging: 'DeleteBucketTagging',
    publicAccessBlock: 'DeletePublicAccessBlock',
    ownershipControls: 'DeleteBucketOwnershipControls',
    '': 'DeleteBucket',
  },
  POST: { delete: 'DeleteObjects' },
  HEAD: { '': 'HeadBucket' },
}

const objectRoutes: Record<string, Record<string, string>> = {
  GET: {
    uploadId: 'ListParts',
    retention: 'GetObjectRetention',
    'legal-hold': 'GetObjectLegalHold',
    '': 'GetObject',
  },
  HEAD: { '': 'HeadObject' },
  PUT: { uploadId: 'UploadPart', '': 'PutObject' },
  POST: { uploads: 'CreateMultipartUpload', uploadId: 'CompleteMultipartUpload' },
  DELETE: { uploadId: 'AbortMultipartUpload', '': 'DeleteObject' },
}

/** Sub-resources of S3 that the lab does not have; they must not be mistaken for the plain operation. */
const otherResources =
  /^(accelerate|acl|analytics|attributes|cors|intelligent-tiering|inventory|legal-hold|lifecycle|logging|metrics|notification|object-lock|ownershipControls|policy|replication|requestPayment|restore|retention|select|tagging|torrent|website)$/

/** What a request asks for, by its method, its path and its query; `UnknownOperation` for what the lab has not. */
export function findOperation(request: AwsRequest): string {
  const { bucket, key } = readAddress(request)
  if (bucket === '') return request.method === 'GET' ? 'ListBuckets' : 'UnknownOperation'
  const routes = (key === '' ? bucketRoutes : objectRoutes)[request.method] ?? {}
  const names = [...request.query.keys()]
  const selected = names.find(name => name !== '' && name in routes)
  if (selected !== undefined) return routes[selected] ?? 'UnknownOperation'
  if (names.some(name => otherResources.test(name))) return 'UnknownOperation'
  return routes[''] ?? 'UnknownOperation'
}
