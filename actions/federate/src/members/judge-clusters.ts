import type { Aws } from '@meridian/aws'
import {
  adviseRepository,
  type ClusterDescriptor,
  type Identity,
  judgeClaim,
  type Owned,
  parseStore,
} from '@meridian/identity'
import { judgeCluster, judgeRegion } from '@meridian/kops'
import { type Job, UserError } from '@meridian/runner'
import {
  type ClusterState,
  guessStore,
  openClusterStore,
  type Store,
  seekClusterClaim,
} from '@meridian/state'
import type { Inputs } from '../inputs.ts'

/** A cluster that may be joined: the identity's own, or nobody's. */
export type Joinable = {
  readonly descriptor: ClusterDescriptor
  /** Undefined where it is nobody's: it was made by other means, and is used as it is. */
  readonly owned: Owned<unknown> | undefined
  /** The AWS account of a cluster that kops made. */
  readonly account: string | undefined
  /** Whether its store says that it is there, in the region that is stated. */
  readonly known: boolean
}

type Owner = { identity: Identity } & Pick<Inputs, 'stateStoreAccount'>

/**
 * Reads whose each cluster is before anything else is done with it: joining one gives the control plane all rights in
 * it. Throws a UserError for one that is another's, or of which that cannot be told, and for one in another region than
 * is stated.
 */
export async function judgeClusters(
  job: Pick<Job, 'log'>,
  aws: Aws,
  clusters: readonly ClusterDescriptor[],
  { identity, stateStoreAccount }: Owner,
): Promise<Joinable[]> {
  const open = openStores(
    aws,
    clusters.filter(({ provider }) => provider === 'kops'),
  )
  return Promise.all(
    clusters.map(async descriptor => {
      if (descriptor.provider !== 'kops')
        return { descriptor, owned: undefined, account: undefined, known: false }
      const account = await aws.account()
      const store = await open(descriptor, stateStoreAccount ?? account)
      return judge(job, { descriptor, account, store }, identity)
    }),
  )
}

/** Opens the store of one of the clusters. The region of a bucket of many is asked for once: S3 would else send each request on. */
function openStores(aws: Aws, clusters: readonly ClusterDescriptor[]) {
  const stores = Map.groupBy(clusters, ({ stateStore }) => parseStore(stateStore).bucket)
  const opened = new Map<string, Promise<Store | undefined>>()
  return async (cluster: ClusterDescriptor, account: string): Promise<Store | undefined> => {
    const location = parseStore(cluster.stateStore)
    if (stores.get(location.bucket)?.length === 1) return guessStore(aws, cluster, account)
    const opening = opened.get(location.bucket) ?? openClusterStore(aws, cluster, account)
    opened.set(location.bucket, opening)
    const store = await opening
    return store && { ...store, ...location }
  }
}

type Kept = { descriptor: ClusterDescriptor; account: string; store: Store | undefined }

/** A claim of the stated region says all: of a cluster that has none, or another, what kops has saved is read too. */
async function judge(
  job: Pick<Job, 'log'>,
  { descriptor, account, store }: Kept,
  identity: Identity,
): Promise<Joinable> {
  const { fullName, region } = descriptor
  const seen = store && (await seekClusterClaim(store, fullName))
  if (store === undefined || seen === undefined)
    return { descriptor, owned: undefined, account, known: false }
  const whose = { ...identity, account, cluster: fullName }
  const says = seen.reading.kind === 'marked' ? seen.reading.mark.region : undefined
  const { claim, config } =
    says === region
      ? { claim: judgeClaim<ClusterState>({ store, fullName }, seen.reading, whose), config: undefined }
      : await judgeCluster(store, fullName, whose, seen)
  if (claim.kind === 'foreign' || claim.kind === 'unreadable') throw refuse(descriptor, claim, identity)
  const problem = config && judgeRegion(descriptor, config)
  if (problem !== undefined) throw problem
  if (claim.kind === 'unclaimed')
    job.log.info(`${fullName} bears nobody's mark: it is joined, and not changed otherwise.`)
  const owned = claim.kind === 'ours' ? claim.owned : undefined
  return { descriptor, owned, account, known: says === region || config !== undefined }
}

type Refused = Extract<Awaited<ReturnType<typeof judgeCluster>>['claim'], { kind: 'foreign' | 'unreadable' }>

function refuse({ fullName, stateStore }: ClusterDescriptor, claim: Refused, identity: Identity): UserError {
  if (claim.kind === 'unreadable') {
    return new UserError(`whose ${fullName} is cannot be told: ${claim.why}`, {
      fix: `Look at ${fullName}.claim.json in ${stateStore}. Nothing has been changed.`,
      input: 'clusters',
    })
  }
  return new UserError(`${fullName} belongs to ${claim.whose}`, {
    fix: `Leave it out of clusters; its owner may join it with control-plane: existing.${adviseRepository(claim.mark, identity)} Nothing has been changed.`,
    input: 'clusters',
  })
}
