import {
  claimKey,
  clusterFolder,
  type Mark,
  makeMark,
  parseStore,
  writeClaim,
  writeTags,
} from '@meridian/identity'
import type { Account } from '@meridian/lab-aws'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import { addResource } from '@meridian/lab-world'
import { otherAccount, type Relation, shop, tags01 } from './owners.ts'

export const usa = 'usa.pr-1.k8s.example.com'
const eur = 'eur.pr-1.k8s.example.com'
export const longAgo = '2026-01-02T00:00:00Z'

export type Place = {
  readonly store: string
  /** Beside the cluster there is data of others in the bucket. */
  readonly shared: boolean
}

export const places = {
  own: { store: `s3://${usa}-state`, shared: false },
  shared: { store: 's3://platform-state/kops/team-a', shared: true },
} satisfies Record<string, Place>

/** A cluster of somebody whose life is over by its mark: made with kops, and serving where a run may use it. */
export async function openClusterWorld(
  relation: Relation,
  place: Place,
  more: { serving: boolean; garbled: boolean; expiresAt: string },
): Promise<Universe> {
  const universe = await startUniverse({ scale: 10_000 })
  const { mark } = relation
  const away = mark?.account === otherAccount ? universe.aws.addAccount(otherAccount) : undefined
  const { bucket } = parseStore(place.store)
  const expired = mark && { ...mark, cluster: usa, expiresAt: more.expiresAt }
  const labels = expired === undefined ? {} : tagsOf(expired)
  const { s3 } = universe.aws
  s3.addBucket(bucket, {
    region: 'us-east-1',
    versioned: true,
    tags: place.shared ? { team: 'platform' } : labels,
    ...(away && { account: away.id }),
  })
  if (away) s3.openBucket(bucket, universe.world.accountId)
  if (more.serving) await universe.addCluster(usa, { store: place.store, labels })
  else await addState(universe, place, labels, away)
  const claim = expired && expired.schema > 1 ? writeClaim(expired) : undefined
  const text = more.garbled ? '<html>Sign in</html>' : claim
  if (text !== undefined) s3.putObject(bucket, claimKey(parseStore(place.store), usa), text)
  if (place.shared) addNeighbours(universe, place)
  return universe
}

/** What kops has saved of a cluster, and some of what AWS would have of it. */
async function addState(
  universe: Universe,
  { store }: Place,
  labels: Record<string, string>,
  account: Account | undefined,
): Promise<void> {
  const given = Object.entries(labels).map(([key, value]) => `${key}=${value}`)
  const line = `create cluster --name=${usa} --state=${store} --zones=us-east-1a --dns=none --cloud-labels=${given.join()}`
  const { exitCode, stderr } = await universe.kops(line, account?.env)
  if (exitCode !== 0) throw new Error(stderr)
  const tags = { ...labels, KubernetesCluster: usa, [`kubernetes.io/cluster/${usa}`]: 'owned' }
  for (const type of ['vpc', 'volume', 'security-group'] as const)
    addResource(universe.world, { type, region: 'us-east-1', tags, ...(account && { account: account.id }) })
}

function tagsOf(mark: Mark): Record<string, string> {
  return mark.schema > 1 ? writeTags(mark) : tags01(mark.expiresAt)
}

/** What others keep in a shared store. */
function addNeighbours({ aws: { s3 } }: Universe, { store }: Place): void {
  const { bucket, path } = parseStore(store)
  const prod = 'prod.example.net'
  const mark = makeMark({
    domain: 'example.net',
    repository: { id: '9', name: 'globex/infra' },
    cluster: prod,
  })
  s3.putObject(bucket, 'terraform/state', '{"resources": []}')
  s3.putObject(bucket, `${path}/README`, 'of the platform team')
  s3.putObject(bucket, `${clusterFolder({ path }, prod)}config`, 'kind: Cluster\nspec: {}\n')
  s3.putObject(bucket, claimKey({ path }, prod), writeClaim(mark))
  // Names that only begin like the cluster's.
  s3.putObject(bucket, `${path}/${usa}-backup/config`, 'x')
  s3.putObject(bucket, `${path}/${usa}.claim.json.bak`, 'x')
}

/** A second cluster of the run's own environment: what a run has left that died after kops had deleted it. */
export function ensureSecond(universe: Universe, { run }: Relation): void {
  const bucket = `${eur}-state`
  const { s3 } = universe.aws
  if (s3.buckets().some(({ name }) => name === bucket)) return
  const mark = {
    ...makeMark({ ...run, repository: shop, account: universe.world.accountId, cluster: eur }),
    expiresAt: longAgo,
  }
  s3.addBucket(bucket, { region: 'eu-west-1', versioned: true, tags: writeTags(mark) })
  s3.putObject(bucket, claimKey({ path: '' }, eur), writeClaim(mark))
  s3.putObject(bucket, `${eur}/backups/etcd`, 'x')
}

const quoted = (text: string) => text.replaceAll('.', '\\.')

/** Everything that is the cluster: its state, what kops has made of it, and what runs in it. */
export const clusterPlaces = (universe: Universe, place: Place, bucket: boolean): RegExp => {
  const ids = universe.world.inventory
    .list(
      ({ type, tags, attributes }) =>
        type !== 'bucket' && (tags.KubernetesCluster === usa || attributes.cluster === usa),
    )
    .map(({ id }) => id)
  const { bucket: name, path } = parseStore(place.store)
  const at = path === '' ? name : `${name}/${path}`
  return new RegExp(
    [
      `^s3://${quoted(at)}/${quoted(usa)}(/|\\.(claim|lease)\\.json )`,
      `^${quoted(usa)} in `,
      `^karmada on ${quoted(usa)}`,
      ` (${ids.map(quoted).join('|')})$`,
      ...(bucket ? [`^s3://${quoted(name)}$`, ` bucket ${quoted(name)}$`] : []),
    ].join('|'),
  )
}

export const secondPlaces = new RegExp(`${quoted(eur)}-state`)
