import { availabilityZones, route53 } from '@meridian/aws'
import { readGroup, type Zone } from '@meridian/dns'
import { type ClusterDescriptor, ownerOf } from '@meridian/identity'
import { connectKops, leaseKops, restoreCluster } from '@meridian/kops'
import { UserError } from '@meridian/runner'
import { kopsRequest } from '@meridian/tools'
import type { FoundCluster } from './survey.ts'
import type { Work } from './work.ts'

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
      if (one.configured || one.orphans.length === 0 || !work.inputs.scope.has('clusters')) return one
      await restore(work, one.cluster, zone)
      work.ledger.found({ type: 'cluster', id: one.cluster.fullName, region: one.cluster.region })
      return { ...one, configured: true }
    }),
  )
}

async function restore(work: Work, cluster: ClusterDescriptor, zone: Zone | undefined): Promise<void> {
  const { job, aws, inputs, leases } = work
  const plain = await connectKops(job, aws, kopsRequest(inputs))
  const lease = leases.get(cluster.fullName)
  job.log.info(
    `${cluster.name}: kops does not know it any more: its spec is made again to delete what is left of it`,
  )
  await restoreCluster(
    lease === undefined ? plain : leaseKops(plain, lease),
    {
      fullName: cluster.fullName,
      stateStore: cluster.stateStore,
      zone: cluster.zones[0] ?? (await anyZone(work, cluster.region)),
      dnsZone: zone && (await hasOwnRecords(work, zone, cluster.fullName)) ? zone.name : undefined,
      labels: { 'meridian:environment': ownerOf(inputs) },
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
