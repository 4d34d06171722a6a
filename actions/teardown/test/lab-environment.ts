import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { type ActionRequest, runAction, type Universe } from '@meridian/lab'

const dir = fileURLToPath(new URL('..', import.meta.url))
const region = 'us-east-1'

export const bucketName = 'usa.k8s.example.com-state'

/** Runs the bundle for one cluster of the lab's domain. */
export function teardown(
  universe: Universe,
  inputs: Record<string, string> = {},
  more: Pick<ActionRequest, 'signal' | 'patience' | 'onLine'> = {},
) {
  const clusters = `[{name: usa, region: ${region}}]`
  return runAction({
    dir,
    inputs: { domain: universe.domain, clusters, ...inputs },
    env: universe.env,
    ...more,
  })
}

/** A client for what stands in the lab before a run. */
function openStore({ env }: Pick<Universe, 'env'>): S3Client {
  return new S3Client({
    endpoint: env.AWS_ENDPOINT_URL ?? '',
    region,
    forcePathStyle: true,
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
    },
  })
}

/** A state bucket as create-cluster leaves it, tagged for an environment. */
export async function makeBucket(
  universe: Universe,
  environment: string,
  more: { name?: string; tags?: Record<string, string>; objects?: readonly string[] } = {},
): Promise<void> {
  const { name: Bucket = bucketName, objects = [] } = more
  const tags = { 'meridian:environment': environment, ...more.tags }
  const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
  const client = openStore(universe)
  await client.send(new CreateBucketCommand({ Bucket }))
  await client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }))
  await client.send(
    new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
  )
  for (const Key of objects) await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }))
  client.destroy()
}

/** Takes a state bucket away with all that is in it, as somebody without a plan would. */
export async function loseBucket(universe: Pick<Universe, 'env'>, Bucket = bucketName): Promise<void> {
  const client = openStore(universe)
  const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }))
  const Objects = [...Versions, ...DeleteMarkers].map(({ Key = '', VersionId }) => ({ Key, VersionId }))
  await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))
  await client.send(new DeleteBucketCommand({ Bucket }))
  client.destroy()
}

/** A cluster made by kops; without `--yes` its state alone. */
export async function makeCluster(universe: Universe, ...flags: string[]): Promise<void> {
  await makeNamedCluster(universe, 'usa.k8s.example.com', ...flags)
}

export async function makeNamedCluster(universe: Universe, name: string, ...flags: string[]): Promise<void> {
  const env = { ...universe.env, HOME: universe.directory, KUBECONFIG: `${universe.directory}/${name}` }
  const args = [
    'create',
    'cluster',
    `--name=${name}`,
    `--state=s3://${name}-state`,
    '--cloud=aws',
    `--zones=${region}a`,
    '--kubernetes-version=1.35.7',
    '--dns=none',
    ...flags,
  ]
  await promisify(execFile)('kops', args, { env })
}

/** Requests of the action that change something, as `service operation`. */
export function writes(universe: Universe): string[] {
  return universe.world.requests
    .all()
    .filter(({ client, write }) => client === 'teardown' && write)
    .map(({ service, operation }) => `${service} ${operation}`)
}

export function inventory(universe: Universe): string[] {
  return universe.world.inventory.list().map(({ type, id }) => `${type} ${id}`)
}
