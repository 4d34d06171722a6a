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
  DeleteObjects: 's3:DeleteObject',
  CreateMultipartUpload: 's3:PutObject',
  UploadPart: 's3:PutObject',
  CompleteMultipartUpload: 's3:PutObject',
}

const prefixes: Record<string, string> = { tagging: 'tag' }

/** Everybody may ask who he is; a web identity is judged by the role's trust policy alone. */
const free = new Set(['sts:GetCallerIdentity', 'sts:AssumeRoleWithWebIdentity'])

/** Operations that need more than one permission. Reads of versions and creations with tags are such. */
const additional: Record<string, string[]> = {
  'ec2:CreateVpc': ['ec2:CreateTags'],
  'ec2:CreateDhcpOptions': ['ec2:CreateTags'],
  'ec2:CreateInternetGateway': ['ec2:CreateTags'],
  'ec2:CreateRouteTable': ['ec2:CreateTags'],
  'ec2:CreateSecurityGroup': ['ec2:CreateTags'],
  'ec2:CreateSubnet': ['ec2:CreateTags'],
  'ec2:CreateVolume': ['ec2:CreateTags'],
  'ec2:CreateLaunchTemplate': ['ec2:CreateTags'],
  'ec2:ImportKeyPair': ['ec2:CreateTags'],
  'elasticloadbalancing:CreateLoadBalancer': ['elasticloadbalancing:AddTags'],
  'elasticloadbalancing:CreateTargetGroup': ['elasticloadbalancing:AddTags'],
  'autoscaling:CreateAutoScalingGroup': ['autoscaling:CreateOrUpdateTags', 'iam:PassRole'],
  'iam:CreateRole': ['iam:TagRole'],
  'iam:CreateInstanceProfile': ['iam:TagInstanceProfile'],
  'iam:AddRoleToInstanceProfile': ['iam:PassRole'],
  'sqs:CreateQueue': ['sqs:TagQueue'],
  'events:PutRule': ['events:TagResource'],
}

/** The permissions that AWS asks for when a service (by its name in the request log) performs an operation. */
export function permissionsOf(service: string, operation: string, ofVersion = false): string[] {
  const own = `${prefixes[service] ?? service}:${operation}`
  if (free.has(own)) return []
  if (service !== 's3') return [own, ...(additional[own] ?? [])]
  const name = s3[operation] ?? own
  return [ofVersion ? name.replace(/Object$/, 'ObjectVersion') : name]
}
