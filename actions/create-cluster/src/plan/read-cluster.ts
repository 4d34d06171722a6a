import type { Aws } from '@meridian/aws'
import { type Identity, judgeClaim, parseStore, readTags } from '@meridian/identity'
import { isHearsay, isMadeByKops, judgeRemains, lookAtCluster } from '@meridian/inventory'
import {
  absentCluster,
  isReadable,
  type JudgedCluster,
  judgeCluster,
  type Kops,
  observeCluster,
  readSavedCluster,
} from '@meridian/kops'
import { openClusterStore, type Store } from '@meridian/state'
import type { Inputs } from '../inputs.ts'
import type { CloudThing, Seen } from './plan-cluster.ts'

/** What there is of a cluster, and the way to it. */
export type Sight = Seen & {
  /** Undefined if the bucket is not there. */
  readonly store: Store | undefined
  readonly etag: string | undefined
}

const nothing: JudgedCluster = { claim: { kind: 'unclaimed' }, etag: undefined, config: undefined }

/** Looks at the store, the claim and, where the cluster is absent or unfinished, at AWS. Only reads. */
export async function look(
  inputs: Inputs,
  identity: Identity,
  { aws, kops }: { aws: Aws; kops: Kops },
): Promise<Sight> {
  const { cluster } = inputs
  const store = await openClusterStore(aws, cluster, inputs.stateStoreAccount)
  const { claim, etag, config } = store ? await judgeCluster(store, cluster.fullName, identity) : nothing
  const mine = claim.kind === 'ours' || claim.kind === 'unclaimed'
  const observed =
    store && mine && config !== undefined
      ? await observeCluster(store, cluster.fullName)
      : { ...absentCluster, config }
  const unbuilt = config === undefined || (claim.kind === 'ours' && observed.kopsVersion === undefined)
  const [saved, cloud] = await Promise.all([
    mine && isReadable(observed, kops.version) ? readSavedCluster(kops, cluster) : undefined,
    mine && unbuilt ? lookEverywhere(aws, identity, cluster, claim) : [],
  ])
  const bucket = store !== undefined
  return { store, bucket, claim, claimed: etag !== undefined, etag, observed, saved, cloud }
}

/** A cluster that was lost is where its claim says, wherever this run would have it. */
async function lookEverywhere(
  aws: Aws,
  identity: Identity,
  cluster: Inputs['cluster'],
  claim: JudgedCluster['claim'],
): Promise<CloudThing[]> {
  const { region } = cluster
  const claimed = claim.kind === 'ours' ? (claim.mark.region ?? region) : region
  const regions = [...new Set([region, claimed])]
  const found = await Promise.all(
    regions.map(where => lookAtCloud(aws, identity, { ...cluster, region: where })),
  )
  return found.flat()
}

/** What AWS has with the cluster's tags, by the word of the service that has it, and whose it says that it is. */
async function lookAtCloud(
  aws: Aws,
  identity: Identity,
  { fullName, region }: Inputs['cluster'],
): Promise<CloudThing[]> {
  const remains = await lookAtCluster(aws, fullName, region)
  return judgeRemains(fullName, region, remains)
    .filter(leak => !isHearsay(leak))
    .map(leak => {
      const claim = leak.tags && judgeClaim({}, readTags(leak.tags), identity)
      return { name: `${leak.type} ${leak.id}`, claim, byKops: isMadeByKops(leak) }
    })
}

/** The location of a cluster's store. */
export const locationOf = ({ cluster }: Inputs) => parseStore(cluster.stateStore)
