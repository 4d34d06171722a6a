import { type AwsRequest, header } from '@meridian/lab-aws-protocol'

/** IAM's names of S3 operations, where they are not the operation's own: Service Authorization Reference, "Amazon S3". */
const s3: Record<string, string> = {
  HeadBucket: 's3:ListBucket',
  ListBuckets: 's3:ListAllMyBuckets',
  ListObjects: 's3:ListBucket',
  ListObjectsV2: 's3:ListBucket',
  ListObjectVersions: 's3:ListBucketVersions',
  ListMultipartUploads: 's3:ListBucketMultipartUploads',
  ListParts: 's3:ListMultipartUploadParts',
  GetBucketEncryption: 's3:GetEncryptionConfiguration',
  PutBucketEncryption: 's3:PutEncryptionConfiguration',
  GetPublicAccessBlock: 's3:GetBucketPublicAccessBlock',
  PutPublicAccessBlock: 's3:PutBucketPublicAccessBlock',
  DeletePublicAccessBlock: 's3:PutBucketPublicAccessBlock',
  DeleteBucketTagging: 's3:PutBucketTagging',
  HeadObject: 's3:GetObject',
  GetObjectLockConfiguration: 's3:GetBucketObjectLockConfiguration',
  DeleteBucketOwnershipControls: 's3:PutBucketOwnershipControls',
  DeleteObjects: 's3:DeleteObject',
  CreateMultipartUpload: 's3:PutObject',
  UploadPart: 's3:PutObject',
  CompleteMultipartUpload: 's3:PutObject',
}

const prefixes: Record<string, string> = { tagging: 'tag' }

/** Everybody may ask who he is; a web identity is judged by the role's trust policy alone. */
const free = new Set(['sts:GetCallerIdentity', 'sts:AssumeRoleWithWebIdentity'])

/** The permissions that AWS asks for when a service (by its name in the request log) performs an operation. */
function permissionsOf(service: string, operation: string): string[] {
  const own = `${prefixes[service] ?? service}:${operation}`
  if (free.has(own)) return []
  return [(service === 's3' && s3[operation]) || own]
}

/** As `permissionsOf`, for a request of S3: versions of objects and tags of new buckets have permissions of their own. */
export function permissionsOfRequest(service: string, operation: string, request: AwsRequest): string[] {
  const [own = '', ...others] = permissionsOf(service, operation)
  if (service !== 's3') return own === '' ? [] : [own, ...others]
  const ofVersion =
    request.query.has('versionId') || (request.query.has('delete') && request.body.includes('<VersionId>'))
  return [
    ofVersion ? own.replace(/Object$/, 'ObjectVersion') : own,
    ...furtherPermissions(operation, request),
  ]
}

// What headers and bodies of S3 ask for besides: Service Authorization Reference, and "How to perform conditional deletes".
function furtherPermissions(operation: string, request: AwsRequest): string[] {
  const creates = operation === 'CreateBucket'
  const ifMatch = header(request, 'if-match')
  const conditional = operation === 'DeleteObject' && ifMatch !== undefined && ifMatch !== '*'
  const bypasses = header(request, 'x-amz-bypass-governance-retention') === 'true'
  const locks = creates && header(request, 'x-amz-bucket-object-lock-enabled') === 'true'
  return [
    ...(creates && request.body.includes('<Tags>') ? ['s3:TagResource'] : []),
    ...(locks ? ['s3:PutBucketObjectLockConfiguration', 's3:PutBucketVersioning'] : []),
    ...(conditional ? ['s3:GetObject'] : []),
    ...(bypasses ? ['s3:BypassGovernanceRetention'] : []),
  ]
}
