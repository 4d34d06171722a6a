import {
  type Claim,
  type ClusterDescriptor,
  isProtected,
  type Mark,
  type Owned,
  readTags,
} from '@meridian/identity'
import { gatewaysOfOthers, isHearsay, type Leak, type LedElsewhere } from '@meridian/inventory'
import { judgeCluster, type SavedConfig } from '@meridian/kops'
import {
  type ClusterState,
  hasObjectLock,
  judgeBucket,
  openClusterStore,
  readBucketTags,
  type Store,
} from '@meridian/state'
import { lookForRemains, settleLeaks } from '../find-leaks.ts'
import type { Work } from '../work.ts'
import { judgeResources, type Resources } from './resources.ts'
import { readSurroundings, type Surroundings } from './surroundings.ts'

/** What is there of one cluster, and whose it is. */
export type FoundCluster = {
  readonly cluster: ClusterDescriptor
  /** Undefined where there is no such bucket, and for a cluster that kops did not make. */
  readonly store: Store | undefined
  readonly claim: Claim<ClusterState>
  /** ETag of the claim object; undefined where there is none. */
  readonly etag: string | undefined
  /** Undefined if kops does not know it. */
  readonly config: SavedConfig | undefined
  /** The bucket, if this identity has made it. */
  readonly bucket: Owned<Store> | undefined
  readonly surroundings: Surroundings
  /** What AWS has by the cluster's tags. */
  readonly resources: Resources
  /** NAT gateways of others, which kops would delete with it. */
  readonly gateways: readonly LedElsewhere[]
  /** Somebody has tagged the bucket or the cluster so that it stays. */
  readonly protected: boolean
  readonly objectLock: boolean
}

const nothingAround: Surroundings = { neighbours: [], lease: false, folder: false, strays: [] }
const noResources: Resources = { ours: [], others: [], unmarked: [] }

/** Whether there may be something inside the cluster: kops knows it, or somebody else made it. */
export function isInhabited({ cluster, config }: Pick<FoundCluster, 'cluster' | 'config'>): boolean {
  return config !== undefined || cluster.provider !== 'kops'
}

/** The cluster's state as one that may be changed. */
export function ownState({ claim }: Pick<FoundCluster, 'claim'>): Owned<ClusterState> | undefined {
  return claim.kind === 'ours' ? claim.owned : undefined
}

/** What the cluster's mark says, where it is ours. */
export function markOf({ claim }: Pick<FoundCluster, 'claim'>): Mark | undefined {
  return claim.kind === 'ours' ? claim.mark : undefined
}

/** Whether its state is lost while what carries the run's own marks lives: it is made again, to be deleted. */
export function isOrphaned({ config, resources }: Pick<FoundCluster, 'config' | 'resources'>): boolean {
  return config === undefined && resources.ours.length > 0
}

/** Adds what AWS has by a cluster's tags. Of a cluster that somebody else made, only what is inside it is ours. */
export async function surveyResources(work: Work, found: FoundCluster): Promise<FoundCluster> {
  const { cluster } = found
  if (cluster.provider !== 'kops' || !work.inputs.scope.has('clusters')) return found
  const look = () => lookForRemains(work, cluster.fullName, cluster.region)
  const seen = await look()
  // What only the tagging API shows may have been deleted a moment ago.
  const hearsay = found.config === undefined && seen.length > 0 && seen.every(isHearsay)
  const resources = judge(work, found, hearsay ? await settleLeaks(work, seen, look) : seen)
  const deletes = found.config !== undefined && ownState(found) !== undefined
  const gateways = deletes ? await gatewaysOfOthers(work.aws, cluster.fullName, cluster.region) : []
  return { ...found, resources, gateways }
}

/** A cluster that was made with marks has them on everything that kops makes; one that was adopted need not. */
function judge({ identity }: Work, { cluster, config }: FoundCluster, seen: readonly Leak[]): Resources {
  const marked = config === undefined || readTags(config.labels).kind === 'marked'
  return judgeResources(seen, { ...identity, cluster: cluster.fullName }, marked)
}

/** What the state store of a cluster says. */
export async function surveyStore(work: Work, cluster: ClusterDescriptor): Promise<FoundCluster> {
  const { aws, inputs, identity } = work
  const store =
    cluster.stateStore === '' ? undefined : await openClusterStore(aws, cluster, inputs.stateStoreAccount)
  const nothing: FoundCluster = {
    cluster,
    store,
    claim: { kind: 'unclaimed' },
    etag: undefined,
    config: undefined,
    bucket: undefined,
    surroundings: nothingAround,
    resources: noResources,
    gateways: [],
    protected: false,
    objectLock: false,
  }
  if (store === undefined) return nothing
  const judged = await judgeCluster(store, cluster.fullName, identity)
  const found = { ...nothing, ...judged }
  return inputs.scope.has('clusters') || inputs.scope.has('state') ? surveyBucket(work, found, store) : found
}

/** What is to be known of a bucket only by whoever takes something out of it. */
async function surveyBucket(work: Work, found: FoundCluster, store: Store): Promise<FoundCluster> {
  const { fullName } = found.cluster
  const [tags, objectLock, surroundings] = await Promise.all([
    readBucketTags(store.s3, store.bucket),
    hasObjectLock(store.s3, store.bucket),
    readSurroundings(store, fullName),
  ])
  const bucket = judgeBucket(store, tags, work.identity)
  const guarded = isProtected(tags) || isProtected(found.config?.labels ?? {})
  // Whoever asked before was not allowed to: a bucket that is there for the cluster alone is part of it.
  const missed = found.claim.kind === 'unclaimed' && found.config === undefined && bucket !== undefined
  const judged = missed ? await judgeCluster(store, fullName, work.identity) : {}
  return { ...found, ...judged, bucket, objectLock, surroundings, protected: guarded }
}
