import type { Aws } from '@meridian/lab-aws'
import type { KubeHost } from '@meridian/lab-clusters'
import type { ClusterSpec, Resource, World } from '@meridian/lab-world'

/** What there is in a world, by its place: text that changes when the thing does. */
export type Snapshot = Readonly<Record<string, string>>

/** Kinds that controllers make out of others, or touch all the time. */
const derived = new Set(
  'ClusterResourceBinding ControllerRevision EndpointSlice Endpoints Event Lease Node Pod ReplicaSet ResourceBinding Work'.split(
    ' ',
  ),
)

/**
 * Resources of all accounts with their tags, buckets with every version in them, record sets with their protections, and
 * the objects of all clusters and federations: what a test compares before and after a run that should touch nothing of others.
 */
export function takeSnapshot({
  world,
  aws,
  clusters,
}: {
  world: World
  aws: Aws
  clusters: KubeHost
}): Snapshot {
  const entries: Entry[] = [
    ...world.inventory.list(({ type }) => type !== 'record-set').map(resourceEntry),
    ...aws.s3.buckets().flatMap(bucketEntries),
    ...aws.route53.zones().flatMap(zoneEntries),
    ...aws.eks.list().map(eksEntry),
    ...clusters.clusters().flatMap(({ spec, store }) => objectEntries(clusterPlace(spec), store)),
    ...clusters
      .federations()
      .flatMap(({ host, store }) => objectEntries(`karmada on ${clusterPlace(host.spec)}`, store)),
  ]
  return Object.fromEntries(entries.map(([place, content]) => [place, JSON.stringify(content)]))
}

type Entry = [place: string, content: unknown]
type Bucket = ReturnType<Aws['s3']['buckets']>[number]
type Zone = ReturnType<Aws['route53']['zones']>[number]
type Store = ReturnType<KubeHost['clusters']>[number]['store']

function resourceEntry({ account, type, region, id, tags, state, attributes }: Resource): Entry {
  const content = { tags, attributes }
  return [`${account} ${region} ${type} ${id}`, state === 'shutting-down' ? { ...content, state } : content]
}

function eksEntry({ arn, entries, ...cluster }: ReturnType<Aws['eks']['list']>[number]): Entry {
  return [arn, { ...cluster, entries: [...entries.values()] }]
}

function zoneEntries({ account, name, id, tags, records, protections }: Zone): Entry[] {
  const place = `${account} zone ${name} ${id}`
  const entryOf = (record: ReturnType<typeof records.all>[number]): Entry => {
    const { name, type, setIdentifier = '' } = record
    return [`${place} ${name} ${type} ${setIdentifier}`.trimEnd(), record]
  }
  const guards = [...protections].map(([key, guard]): Entry => [`${place} protection ${key}`, guard])
  return [[place, tags], ...records.all().map(entryOf), ...guards]
}

function bucketEntries({ objects, uploads, ...settings }: Bucket): Entry[] {
  const place = `s3://${settings.name}`
  const entryOf = ({ key, versionId, etag, deleteMarker }: ReturnType<typeof objects.all>[number]): Entry => [
    `${place}/${key} ${versionId}${deleteMarker ? ' (deleted)' : ''}`,
    etag,
  ]
  const parts = [...uploads.values()].map(({ key, id }): Entry => [`${place}/${key} upload ${id}`, ''])
  return [[place, settings], ...objects.all().map(entryOf), ...parts]
}

function objectEntries(place: string, store: Store): Entry[] {
  const kinds = store.kinds().filter(({ kind }) => !derived.has(kind))
  return kinds
    .flatMap(({ kind }) => store.list(kind))
    .map(({ kind, metadata, status, ...content }) => {
      const { namespace, name, labels, annotations, deletionTimestamp } = metadata
      const at = [place, kind, namespace, name].filter(Boolean).join(' ')
      return [at, { ...content, labels, annotations, deletionTimestamp }]
    })
}

// Names of EKS are of one region only.
const clusterPlace = ({ name, account, region }: Pick<ClusterSpec, 'name' | 'account' | 'region'>) =>
  [name, name.includes('.') ? '' : region, account ?? ''].filter(Boolean).join(' in ')

/** `- place` for what is gone, `+ place` for what is new, `~ place: before -> after` for what has changed; by place. */
export function compareSnapshots(before: Snapshot, after: Snapshot): string[] {
  const places = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return places.flatMap(place => {
    const [was, is] = [before[place], after[place]]
    if (was === is) return []
    if (is === undefined) return [`- ${place}`]
    return was === undefined ? [`+ ${place}`] : [`~ ${place}: ${was} -> ${is}`]
  })
}
