import { type Claim, type Identity, judgeClaim, type Reading, readTags } from '@meridian/identity'
import { type ClusterState, readClusterClaim, type SeenClaim, type Store } from '@meridian/state'
import { readConfig, type SavedConfig } from './cluster-state.ts'

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
 * of its own cloud resources. Nothing else speaks for it, least of all its bucket.
 */
export async function judgeCluster(
  store: Store,
  fullName: string,
  identity: Identity,
): Promise<JudgedCluster> {
  const [seen, config] = await Promise.all([readClusterClaim(store, fullName), readConfig(store, fullName)])
  const whose = { ...identity, cluster: fullName }
  const claim = judgeClaim<ClusterState>({ store, fullName }, readingOf(seen, config), whose)
  return { claim, etag: seen.etag, config }
}

/** Pure. A claim that cannot be read is not made good by labels. */
export function readingOf({ reading }: Pick<SeenClaim, 'reading'>, config: SavedConfig | undefined): Reading {
  return reading.kind === 'unmarked' && config !== undefined ? readTags(config.labels) : reading
}
