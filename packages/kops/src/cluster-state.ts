import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3'
import { isNotFound } from '@meridian/aws'
import type { ObservedCluster } from './plan-cluster.ts'

/** Whether a cluster is in a state bucket: this file is what its existence means to kops. No bucket is a no. */
export async function hasClusterConfig(s3: S3Client, bucket: string, fullName: string): Promise<boolean> {
  return hasObject(s3, bucket, `${fullName}/config`)
}

/** What a state bucket says of a cluster; one read where it is absent. */
export async function observeCluster(
  s3: S3Client,
  bucket: string,
  fullName: string,
): Promise<ObservedCluster> {
  if (!(await hasClusterConfig(s3, bucket, fullName)))
    return { config: false, instanceGroups: [], completed: false }
  const Prefix = `${fullName}/instancegroup/`
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }))
  const instanceGroups = Contents.map(({ Key = '' }) => Key.slice(Prefix.length)).filter(name => name !== '')
  const completed = await hasObject(s3, bucket, `${fullName}/cluster-completed.spec`)
  const kopsVersion = await readText(s3, bucket, `${fullName}/kops-version.txt`)
  return { config: true, instanceGroups, completed, kopsVersion: kopsVersion?.trim() }
}

async function readText(s3: S3Client, Bucket: string, Key: string): Promise<string | undefined> {
  try {
    return await (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString()
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

async function hasObject(s3: S3Client, Bucket: string, Key: string): Promise<boolean> {
  try {
    await s3.send(new HeadObjectCommand({ Bucket, Key }))
    return true
  } catch (error) {
    if (isNotFound(error)) return false
    throw error
  }
}
