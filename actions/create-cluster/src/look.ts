import type { Aws } from '@meridian/aws'
import { type Identity, judgeClaim, parseStore, readTags } from '@meridian/identity'
import { isHearsay, judgeRemains, lookAtCluster } from '@meridian/inventory'
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
import type { Inputs } from './inputs.ts'
import type { CloudThing, Seen } from './plan.ts'

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
    mine && unbuilt ? lookAtCloud(aws, identity, cluster) : [],
  ])
  const bucket = store !== undefined
  return { store, bucket, claim, claimed: etag !== undefined, etag, observed, saved, cloud }
}

/** What AWS has with the cluster's tags, by the word of the service that has it, and whose it says that it is. */
async function lookAtCloud(
  aws: Aws,
  identity: Identity,
  { fullName, region }: Inputs['cluster'],
): Promise<CloudThing[]> {
  const remains = await lookAtCluster(aws, fullName, region)
  const tags = new Map(
    remains.tagged.flatMap(({ id, arn, tags }) => [[id, tags] as const, [arn, tags] as const]),
  )
  return judgeRemains(fullName, region, remains)
    .filter(leak => !isHearsay(leak))
    .map(({ id, type }) => {
      const own = tags.get(id)
      const claim = own && judgeClaim({}, readTags(own), identity)
      return { name: `${type} ${id}`, claim }
    })
}

/** The location of a cluster's store. */
export const locationOf = ({ cluster }: Inputs) => parseStore(cluster.stateStore)
