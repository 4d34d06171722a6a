import { type Cluster, regionOf } from './cluster-object.ts'

/** What the machines of a role may do, as JSON; see `recorded-actions.json` for the whole of what kops writes. */
export function rolePolicy(cluster: Cluster, role: string): string {
  const images = ['ecr:BatchGetImage', 'ecr:GetAuthorizationToken', 'ec2:DescribeInstanceTypes']
  const everyone = { Effect: 'Allow', Action: images, Resource: '*' }
  const store = cluster.spec.configBase.replace(/^s3:\/\//, '')
  const [bucket = ''] = store.split('/')
  const own = { StringEquals: { 'aws:ResourceTag/KubernetesCluster': cluster.metadata.name } }
  const control = [
    { Effect: 'Allow', Action: ['ec2:AttachVolume'], Resource: '*', Condition: own },
    { Effect: 'Allow', Action: ['s3:Get*'], Resource: `arn:aws:s3:::${store}/*` },
    {
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:DeleteObject', 's3:DeleteObjectVersion', 's3:PutObject'],
      Resource: `arn:aws:s3:::${store}/backups/etcd/*`,
    },
    {
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
      Resource: '*',
      Condition: {
        StringLike: { 'kms:ViaService': [`ec2.${regionOf(cluster)}.amazonaws.com`, 's3.*.amazonaws.com'] },
      },
    },
    {
      Effect: 'Allow',
      Action: ['s3:GetBucketLocation', 's3:ListBucket'],
      Resource: `arn:aws:s3:::${bucket}`,
    },
  ]
  const Statement = role.startsWith('masters.') ? [...control, everyone] : [everyone]
  return JSON.stringify({ Version: '2012-10-17', Statement })
}
