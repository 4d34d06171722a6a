import {
  claimKey,
  type Identity,
  makeMark,
  parseStore,
  protectionTag,
  writeClaim,
  writeTags,
} from '@meridian/identity'
import { startUniverse, type Universe, type UniverseOptions } from '@meridian/lab-universe'
import { stubAws } from '@meridian/lab-universe/testing'
import { type Ended, tearDown } from '../in-process.ts'
import { identityOf } from '../lab-environment.ts'

/** Until when something is wanted, in hours from now. */
export type Wish = {
  expires?: number
  /** Hours ago. */
  age?: number
  pullRequest?: number
}

export type Planted = Wish & {
  /** First label of its name. */
  cluster?: string
  /** `s3://bucket[/path]` of somebody's; by default a bucket that create-cluster makes for the cluster. */
  store?: string
  identity?: Partial<Identity>
  isProtected?: boolean
  /** Whether kops has made it, with all that a cluster has in the cloud. */
  built?: boolean
}

/** A world in which reapers run in this process. */
export async function startReaping(policies?: UniverseOptions['policies']): Promise<Universe> {
  const universe = await startUniverse({ scale: 10_000, ...(policies && { policies }) })
  stubAws(universe)
  return universe
}

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000)
export const birthOf = ({ expires, age, pullRequest }: Wish) => ({
  ...(expires !== undefined && { expiresAt: inHours(expires) }),
  ...(age !== undefined && { createdAt: inHours(-age) }),
  ...(pullRequest !== undefined && { pullRequest }),
})

export const nameIn = (environment: string, cluster = 'usa', domain = 'k8s.example.com') =>
  environment === 'default' ? `${cluster}.${domain}` : `${cluster}.${environment}.${domain}`
export const bucketOf = (environment: string, cluster?: string) => `${nameIn(environment, cluster)}-state`

/** A cluster as create-cluster leaves it: its claim in its store, by default in a bucket of its own. */
export async function plant(universe: Universe, environment: string, planted: Planted = {}): Promise<string> {
  const { cluster, identity, isProtected = false, built = false } = planted
  const whose = identityOf(environment, identity)
  const name = nameIn(environment, cluster, whose.domain)
  const { bucket, path } = parseStore(planted.store ?? `s3://${name}-state`)
  const mark = makeMark({ ...whose, cluster: name }, birthOf(planted))
  const { s3 } = universe.aws
  const tags = { ...writeTags(mark), ...(isProtected && { [protectionTag]: 'true' }) }
  if (planted.store === undefined) s3.addBucket(bucket, { versioned: true, tags })
  if (built)
    await universe.addCluster(name, {
      store: `s3://${bucket}${path && `/${path}`}`,
      labels: writeTags(mark),
    })
  s3.putObject(bucket, claimKey({ path }, name), writeClaim(mark))
  return name
}

/** The claim of a planted cluster, written anew. */
export function renew(universe: Universe, environment: string, wish: Wish): void {
  const name = nameIn(environment)
  const mark = makeMark({ ...identityOf(environment), cluster: name }, birthOf(wish))
  universe.aws.s3.putObject(bucketOf(environment), claimKey({ path: '' }, name), writeClaim(mark))
}

/** GitHub answers at a port where nobody listens, unless `env` names another. */
export function reap(
  universe: Universe,
  inputs: Record<string, string> = {},
  env: Record<string, string> = {},
): Promise<Ended> {
  return tearDown(
    universe,
    'teardown',
    { mode: 'reap', 'name-servers': universe.nameServer, ...inputs },
    { env: { GITHUB_API_URL: 'http://127.0.0.1:9', ...env } },
  )
}

export const bucketsOf = (universe: Universe) =>
  universe.world.inventory
    .list({ type: 'bucket' })
    .map(({ id }) => id)
    .sort()
