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
import { claimKey, type Identity, makeMark, parseStore, writeClaim, writeTags } from '@meridian/identity'
import { type ActionRequest, runAction } from '@meridian/lab-runner'
import { labBoundary, type Universe } from '@meridian/lab-universe'

const dir = fileURLToPath(new URL('..', import.meta.url))
const region = 'us-east-1'

export const bucketName = 'usa.k8s.example.com-state'

/** The repository that `testJob` and the runs of the bundle belong to. */
export const repository = { id: '1001', name: 'o/r' }

/** Whom a run in the lab acts for, in the environment of a domain (`default`: in none). */
export function identityOf(environment: string, more: Partial<Identity> = {}): Identity {
  return {
    domain: 'k8s.example.com',
    environment: environment === 'default' ? undefined : environment,
    repository,
    ...more,
  }
}

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
    env: { ...universe.env, GITHUB_REPOSITORY: repository.name, GITHUB_REPOSITORY_ID: repository.id },
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

/** A bucket as somebody makes it, with versions. */
export async function makePlainBucket(
  universe: Pick<Universe, 'env'>,
  Bucket: string,
  more: { tags?: Readonly<Record<string, string>>; objects?: readonly string[] } = {},
): Promise<void> {
  const { tags = {}, objects = [] } = more
  const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
  const client = openStore(universe)
  await client.send(new CreateBucketCommand({ Bucket }))
  if (TagSet.length > 0) await client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }))
  await client.send(
    new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
  )
  for (const Key of objects) await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }))
  client.destroy()
}

/** A state bucket as create-cluster makes it for a cluster of an environment, with its claim. */
export async function makeBucket(
  universe: Universe,
  environment: string,
  more: {
    cluster?: string
    tags?: Record<string, string>
    objects?: readonly string[]
    identity?: Partial<Identity>
  } = {},
): Promise<void> {
  const { cluster = 'usa.k8s.example.com', tags = {}, objects = [], identity = {} } = more
  const name = `${cluster}-state`
  const mark = makeMark(identityOf(environment, { cluster, ...identity }))
  await makePlainBucket(universe, name, { tags: { ...writeTags(mark), ...tags }, objects })
  await claimCluster(universe, cluster, identityOf(environment, identity))
}

/** The claim of a cluster in its store, by default in a bucket of its own. */
export async function claimCluster(
  universe: Pick<Universe, 'env'>,
  cluster: string,
  identity: Identity,
  store = `s3://${cluster}-state`,
): Promise<void> {
  const { bucket: Bucket, path } = parseStore(store)
  const client = openStore(universe)
  const Body = writeClaim(makeMark({ ...identity, cluster }))
  await client.send(new PutObjectCommand({ Bucket, Key: claimKey({ path }, cluster), Body }))
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

/** Every key that a bucket holds, with older versions and markers. */
export async function keysOf(universe: Pick<Universe, 'env'>, Bucket: string): Promise<string[]> {
  const client = openStore(universe)
  const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }))
  client.destroy()
  return [...new Set([...Versions, ...DeleteMarkers].map(({ Key = '' }) => Key))].sort()
}

/** The flag by which kops marks everything that it makes for a cluster of an environment. */
export function labelsOf(environment: string, cluster: string, more: Partial<Identity> = {}): string {
  const tags = writeTags(makeMark(identityOf(environment, { cluster, ...more })))
  return `--cloud-labels=${Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')}`
}

/** A cluster made by kops for the only environment; without `--yes` its state alone. */
export async function makeCluster(universe: Universe, ...flags: string[]): Promise<void> {
  const name = 'usa.k8s.example.com'
  await makeNamedCluster(universe, name, labelsOf('default', name), ...flags)
}

export async function makeNamedCluster(universe: Universe, name: string, ...flags: string[]): Promise<void> {
  const env = { ...universe.env, HOME: universe.directory, KUBECONFIG: `${universe.directory}/${name}` }
  const state = flags.find(flag => flag.startsWith('--state=')) ?? `--state=s3://${name}-state`
  const kops = (...args: string[]): Promise<unknown> =>
    promisify(execFile)('kops', [...args, `--name=${name}`, state], { env }).catch(error => {
      // It asks for the tags of everybody's load balancers at once: where a neighbour's has gone meanwhile it is run again.
      if (!/LoadBalancerNotFound/.test(error.message)) throw error
      return kops('update', 'cluster', '--yes', '--admin')
    })
  await kops(
    'create',
    'cluster',
    '--cloud=aws',
    ...(flags.some(flag => flag.startsWith('--zones=')) ? [] : [`--zones=${region}a`]),
    '--kubernetes-version=1.35.7',
    `--set=spec.iam.permissionsBoundary=${labBoundary}`,
    '--dns=none',
    ...flags.filter(flag => flag !== state),
  )
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
