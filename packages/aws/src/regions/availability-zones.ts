import type { Aws } from '../credentials/aws.ts'
import { itemsOf, queryEc2, textOf } from '../requests/query-api.ts'

export type AvailabilityZone = { readonly name: string; readonly state: string }

/** The availability zones of a region as this account sees them: letters differ from account to account. */
export async function availabilityZones(aws: Aws, region: string): Promise<AvailabilityZone[]> {
  const answers = await queryEc2(aws, region, 'DescribeAvailabilityZones', {})
  return answers
    .flatMap(answer => itemsOf(answer.availabilityZoneInfo))
    .map(zone => ({ name: textOf(zone, 'zoneName'), state: textOf(zone, 'zoneState') }))
}
