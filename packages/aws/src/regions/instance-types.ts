import type { Aws } from '../credentials/aws.ts'
import { itemsOf, queryEc2, textOf } from '../requests/query-api.ts'

/** The zones of a region in which EC2 offers each of the types; a type that the region does not have is in none. */
export async function zonesOffering(
  aws: Aws,
  region: string,
  types: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const values = types.map((type, index) => [`Filter.1.Value.${index + 1}`, type])
  const answers = await queryEc2(aws, region, 'DescribeInstanceTypeOfferings', {
    LocationType: 'availability-zone',
    'Filter.1.Name': 'instance-type',
    ...Object.fromEntries(values),
  })
  const offers = answers.flatMap(answer => itemsOf(answer.instanceTypeOfferingSet))
  const zonesOf = (type: string) =>
    offers.filter(offer => textOf(offer, 'instanceType') === type).map(offer => textOf(offer, 'location'))
  return new Map(types.map(type => [type, zonesOf(type).sort()]))
}
