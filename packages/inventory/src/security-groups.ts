import { type Aws, filterParameters, itemsOf, queryEc2, tagsOf, textOf } from '@meridian/aws'

export type SecurityGroup = {
  readonly id: string
  readonly name: string
  readonly tags: Readonly<Record<string, string>>
}

/** The security groups of a region that match EC2 filters such as `{ 'vpc-id': ['vpc-1'] }`. */
export async function securityGroups(
  aws: Aws,
  region: string,
  filters: Record<string, readonly string[]>,
): Promise<SecurityGroup[]> {
  const answers = await queryEc2(aws, region, 'DescribeSecurityGroups', filterParameters(filters))
  return answers
    .flatMap(answer => itemsOf(answer.securityGroupInfo))
    .map(group => ({
      id: textOf(group, 'groupId'),
      name: textOf(group, 'groupName'),
      tags: tagsOf(group),
    }))
}
