import type { Need } from '@meridian/lab-aws-protocol'
import { textAttribute, type World } from '@meridian/lab-world'
import { policiesOf } from '../iam/entities.ts'
import type { Buckets } from '../s3/buckets.ts'
import { defaultKey, keyNeed } from '../s3/kms-keys.ts'
import { isAllowed, type Policy, type Statement } from './policy.ts'

export type StateReader = { account: string; cluster: string /** `s3://bucket/folder` */; configBase: string }

/**
 * Whether the control plane of a cluster can read and write its state, as its first machine does before it starts anything:
 * its role has to allow it, and the boundary of the role. A machine that may not never joins.
 */
export function mayUseState(
  world: World,
  buckets: Buckets,
  boundaryOf: (arn: string) => Policy | undefined,
  { account, cluster, configBase }: StateReader,
): boolean {
  const name = `masters.${cluster}`
  const [role] = world.inventory.list({ type: 'iam-role', account, name })
  const [, bucketName = '', folder = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(configBase) ?? []
  const bucket = buckets.list().find(each => each.name === bucketName)
  if (role === undefined || bucket === undefined) return true
  const own = Object.values(policiesOf(role)).map(readPolicy)
  const boundary = boundaryOf(textAttribute(role, 'boundary') ?? '')
  const object = `arn:aws:s3:::${bucketName}/${folder}`
  const key = defaultKey(bucket)
  const needs: Need[] = [
    { permission: 's3:GetObject', resource: `${object}/cluster-completed.spec` },
    { permission: 's3:PutObject', resource: `${object}/backups/etcd/main/control/etcd-cluster-created` },
    ...(key === undefined ? [] : ['Decrypt', 'GenerateDataKey'].map(each => keyNeed(bucket, each, key))),
  ]
  return needs.every(
    need =>
      own.some(policy => isAllowed(policy, need)) && (boundary === undefined || isAllowed(boundary, need)),
  )
}

/** IAM takes single texts for lists. */
function readPolicy(json: string): Policy {
  const { Statement } = JSON.parse(json) as { Statement: Statement[] }
  return {
    Version: '2012-10-17',
    Statement: Statement.map(each => ({
      ...each,
      Action: [each.Action].flat(),
      Resource: [each.Resource].flat(),
    })),
  }
}
