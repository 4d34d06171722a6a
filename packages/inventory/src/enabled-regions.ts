import { type Aws, itemsOf, queryEc2, textOf } from '@meridian/aws'

/** The regions that the account can use. */
export async function enabledRegions(aws: Aws): Promise<string[]> {
  const answers = await queryEc2(aws, 'us-east-1', 'DescribeRegions', {})
  return answers
    .flatMap(answer => itemsOf(answer.regionInfo))
    .map(region => textOf(region, 'regionName'))
    .sort()
}
