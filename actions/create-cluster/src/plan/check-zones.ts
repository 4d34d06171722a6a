import { type AvailabilityZone, type Aws, availabilityZones } from '@meridian/aws'
import type { ClusterDescriptor } from '@meridian/identity'
import { UserError } from '@meridian/runner'

/** Asks AWS for the zones of this account, since their letters differ from account to account; reads only. */
export async function checkZones(aws: Aws, cluster: ClusterDescriptor): Promise<void> {
  const problem = judgeZones(cluster, await availabilityZones(aws, cluster.region))
  if (problem !== undefined) throw problem
}

/** What is wrong with the wanted zones, given those that there are. */
export function judgeZones(
  cluster: Pick<ClusterDescriptor, 'zones' | 'region'>,
  present: readonly AvailabilityZone[],
): UserError | undefined {
  const usable = present.filter(({ state }) => state === 'available').map(({ name }) => name)
  const missing = cluster.zones.filter(zone => !usable.includes(zone))
  if (missing.length === 0) return undefined
  return new UserError(
    `input zones: this AWS account has no usable zone '${missing.join(', ')}' in ${cluster.region}`,
    {
      fix: `Use any of ${usable.sort().join(', ') || '(none is usable)'}. Nothing has been changed.`,
      input: 'zones',
    },
  )
}
