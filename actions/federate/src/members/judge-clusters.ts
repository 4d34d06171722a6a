import type { Aws } from '@meridian/aws'
import { adviseRepository, type ClusterDescriptor, type Identity, type Owned } from '@meridian/identity'
import { judgeCluster, judgeRegion } from '@meridian/kops'
import { type Job, UserError } from '@meridian/runner'
import { openClusterStore } from '@meridian/state'
import type { Inputs } from '../inputs.ts'

/** A cluster that may be joined: the identity's own, or nobody's. */
export type Joinable = {
  readonly descriptor: ClusterDescriptor
  /** Undefined where it is nobody's: it was made by other means, and is used as it is. */
  readonly owned: Owned<unknown> | undefined
  /** The AWS account of a cluster that kops made. */
  readonly account: string | undefined
  /** Whether its store says that kops made it. */
  readonly known: boolean
}

/**
 * Reads whose each cluster is before anything else is done with it: joining one gives the control plane all rights in
 * it. Throws a UserError for one that is another's, or of which that cannot be told, and for one in another region than
 * is stated.
 */
export async function judgeClusters(
  job: Pick<Job, 'log'>,
  aws: Aws,
  clusters: readonly ClusterDescriptor[],
  { identity, stateStoreAccount }: { identity: Identity } & Pick<Inputs, 'stateStoreAccount'>,
): Promise<Joinable[]> {
  return Promise.all(
    clusters.map(async descriptor => {
      if (descriptor.provider !== 'kops')
        return { descriptor, owned: undefined, account: undefined, known: false }
      const account = await aws.account()
      const store = await openClusterStore(aws, descriptor, stateStoreAccount)
      if (store === undefined) return { descriptor, owned: undefined, account, known: false }
      const { claim, config } = await judgeCluster(store, descriptor.fullName, { ...identity, account })
      if (claim.kind === 'foreign' || claim.kind === 'unreadable') throw refuse(descriptor, claim, identity)
      const problem = config && judgeRegion(descriptor, config)
      if (problem !== undefined) throw problem
      if (claim.kind === 'unclaimed')
        job.log.info(`${descriptor.fullName} bears nobody's mark: it is joined, and not changed otherwise.`)
      return {
        descriptor,
        owned: claim.kind === 'ours' ? claim.owned : undefined,
        account,
        known: config !== undefined,
      }
    }),
  )
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
