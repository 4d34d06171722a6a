import {
  claimKey,
  clusterFolder,
  type Mark,
  makeMark,
  parseStore,
  writeClaim,
  writeTags,
} from '@meridian/identity'
import { startUniverse, type Universe } from '@meridian/lab'
import { otherAccount, type Relation, shop, tags01 } from './owners.ts'

export const usa = 'usa.pr-1.k8s.example.com'
const eur = 'eur.pr-1.k8s.example.com'
const longAgo = '2026-01-02T00:00:00Z'

export type Place = {
  readonly store: string
  /** Beside the cluster there is data of others in the bucket. */
  readonly shared: boolean
}

export const places = {
  own: { store: `s3://${usa}-state`, shared: false },
  shared: { store: 's3://platform/kops/team-a', shared: true },
} satisfies Record<string, Place>

/** A cluster of somebody, made with kops, whose life is over by its mark; and one of the run's own beside it. */
export async function openClusterWorld(
  relation: Relation,
  place: Place,
  more: { serving?: boolean; bucketAccount?: string } = {},
): Promise<Universe> {
  const universe = await startUniverse({ scale: 10_000 })
  const { mark } = relation
  const away = mark?.account === otherAccount ? universe.aws.addAccount(otherAccount) : undefined
  const { bucket } = parseStore(place.store)
  const expired = mark && { ...mark, cluster: usa, expiresAt: longAgo }
  const ownTags = expired === undefined || place.shared ? {} : tagsOf(expired)
  universe.aws.s3.addBucket(bucket, {
    region: 'us-east-1',
    versioned: true,
    tags: place.shared ? { team: 'platform' } : ownTags,
    ...(away && { account: away.id }),
  })
  if (away) universe.aws.s3.openBucket(bucket, universe.world.accountId)
  await universe.addCluster(usa, {
    store: place.store,
    ...(away && { account: away }),
    ...(expired && { labels: tagsOf(expired) }),
    serving: true,
  })
  if (expired && expired.schema > 1)
    universe.aws.s3.putObject(bucket, claimKey(parseStore(place.store), usa), writeClaim(expired))
  if (place.shared) addNeighbours(universe, place)
  return universe
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
