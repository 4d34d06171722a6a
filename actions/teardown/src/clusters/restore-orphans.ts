import { availabilityZones } from '@meridian/aws'
import { route53 } from '@meridian/aws/clients'
import { readGroup, type Zone } from '@meridian/dns'
import { type ClusterDescriptor, makeMark, type Owned, writeTags } from '@meridian/identity'
import { connectKops, judgeCluster, leaseKops, restoreCluster } from '@meridian/kops'
import { UserError } from '@meridian/runner'
import type { ClusterState } from '@meridian/state'
import { kopsRequest } from '@meridian/tools'
import { type FoundCluster, isOrphaned, ownState } from '../survey/cluster.ts'
import type { Work } from '../work.ts'

/**
 * Gives back to kops the clusters whose state was lost while their resources live, so that it can delete them: it
 * finds what it deletes by tag, but only for a cluster that it knows. Returns all clusters as they are then.
 */
export async function restoreOrphans(
  work: Work,
  found: readonly FoundCluster[],
  zone: Zone | undefined,
): Promise<FoundCluster[]> {
  return Promise.all(
    found.map(async one => {
      const state = ownState(one)
      if (!isOrphaned(one) || state === undefined || !work.inputs.scope.has('clusters')) return one
      await restore(work, one.cluster, state, zone)
      return { ...one, ...(await judgeCluster(state.store, state.fullName, work.identity)) }
    }),
  )
}

async function restore(
  work: Work,
  cluster: ClusterDescriptor,
  { fullName }: Owned<ClusterState>,
  zone: Zone | undefined,
): Promise<void> {
  const { job, aws, inputs, leases, identity } = work
  const plain = await connectKops(job, aws, kopsRequest(inputs))
  const lease = leases.get(fullName)
  job.log.info(
    `${cluster.name}: kops does not know it any more: its spec is made again to delete what is left of it`,
  )
  await restoreCluster(
    lease === undefined ? plain : leaseKops(plain, lease),
    {
      fullName,
      stateStore: cluster.stateStore,
      zone: cluster.zones[0] ?? (await anyZone(work, cluster.region)),
      dnsZone: zone && (await hasOwnRecords(work, zone, fullName)) ? zone.name : undefined,
      labels: writeTags(makeMark({ ...identity, cluster: fullName, region: cluster.region })),
    },
    job,
  )
}

/** A cluster that was made with dns: zone has records of its own, which kops removes if the spec says so. */
async function hasOwnRecords({ aws }: Work, zone: Zone, fullName: string): Promise<boolean> {
  return (await readGroup(route53(aws), zone, `api.${fullName}`)).records.length > 0
}

/** kops takes only the region from it. */
async function anyZone({ aws }: Work, region: string): Promise<string> {
  const zone = (await availabilityZones(aws, region)).find(({ state }) => state === 'available')
  if (zone !== undefined) return zone.name
  throw new UserError(`${region} has no availability zone that these credentials may use`, {
    fix: 'Give the zones of the cluster in the input clusters.',
    input: 'clusters',
  })
}
