import { type Claim, type Identity, judgeClaim, makeMark, type Reading, readTags } from '@meridian/identity'
import {
  type ClusterState,
  ownBucket,
  readClusterClaim,
  readLeaseMark,
  type SeenClaim,
  type Store,
} from '@meridian/state'
import { readConfig } from './cluster-state.ts'
import type { SavedConfig } from './observed-cluster.ts'

/** What a store holds of one cluster, and whose it is. */
export type JudgedCluster = {
  readonly claim: Claim<ClusterState>
  /** ETag of the claim object; undefined where there is none. */
  readonly etag: string | undefined
  /** Undefined if kops does not know it. */
  readonly config: SavedConfig | undefined
}

/**
 * Reads whose a cluster is: by its claim, or where it has none (it is of version 0.1, or was made by hand) by the labels
 * of its own cloud resources. Of a cluster that kops does not know a run that died may have left a lease, or no more than
 * the bucket that it made for it: these then tell whose it is. They never speak for a cluster that is there. A claim that is
 * `known` is not read again.
 */
export async function judgeCluster(
  store: Store,
  fullName: string,
  identity: Identity,
  known?: SeenClaim,
): Promise<JudgedCluster> {
  const [seen, config] = await Promise.all([
    known ?? readClusterClaim(store, fullName),
    readConfig(store, fullName),
  ])
  const whose = { ...identity, cluster: fullName }
  const given = readingOf(seen, config)
  const reading = given.kind === 'unmarked' && config === undefined ? await readRest(store, whose) : given
  const claim = judgeClaim<ClusterState>({ store, fullName }, reading, whose)
  return { claim, etag: seen.etag, config }
}

/** Pure. A claim that cannot be read is not made good by labels. */
export function readingOf({ reading }: Pick<SeenClaim, 'reading'>, config: SavedConfig | undefined): Reading {
  return reading.kind === 'unmarked' && config !== undefined ? readTags(config.labels) : reading
}

/** Another's lease is no claim: who only looked at a name, or has it no more, does not keep it from others. */
async function readRest(store: Store, whose: Identity & { readonly cluster: string }): Promise<Reading> {
  const lease = await readLeaseMark(store, whose.cluster)
  const isOurs = judgeClaim({}, lease, whose).kind === 'ours'
  if (isOurs || (await ownBucket(store, whose)) === undefined) return isOurs ? lease : { kind: 'unmarked' }
  return { kind: 'marked', mark: makeMark(whose) }
}
