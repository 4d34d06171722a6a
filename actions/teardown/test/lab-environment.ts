import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import {
  CreateBucketCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
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
  more: Pick<ActionRequest, 'signal' | 'onLine'> = {},
) {
  const clusters = `[{name: usa, region: ${region}}]`
  return runAction({
    dir,
    inputs: { domain: universe.domain, clusters, ...inputs },
    env: universe.env,
    ...more,
  })
}

/** A state bucket as create-cluster leaves it, tagged for an environment. */
export async function makeBucket(universe: Universe, environment: string): Promise<void> {
  const { env } = universe
  const client = new S3Client({
    endpoint: env.AWS_ENDPOINT_URL ?? '',
    region,
    forcePathStyle: true,
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
    },
  })
  const TagSet = [{ Key: 'meridian:environment', Value: environment }]
  await client.send(new CreateBucketCommand({ Bucket: bucketName }))
  await client.send(new PutBucketTaggingCommand({ Bucket: bucketName, Tagging: { TagSet } }))
  await client.send(
    new PutBucketVersioningCommand({ Bucket: bucketName, VersioningConfiguration: { Status: 'Enabled' } }),
  )
  client.destroy()
}

/** A cluster made by kops; without `--yes` its state alone. */
export async function makeCluster(universe: Universe, ...flags: string[]): Promise<void> {
  const env = { ...universe.env, HOME: universe.directory, KUBECONFIG: `${universe.directory}/kubeconfig` }
  const args = [
    'create',
    'cluster',
    '--name=usa.k8s.example.com',
    `--state=s3://${bucketName}`,
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
