import { type Aws, filterParameters, itemsOf, queryEc2, textOf } from '@meridian/aws'

/** One tag of one EC2 resource. */
export type Ec2Tag = {
  readonly id: string
  /** EC2's word for it, as in an ARN: `instance`, `launch-template`, `dhcp-options`. */
  readonly type: string
  readonly key: string
  readonly value: string
}

/**
 * The tags with the given keys of all EC2 resources of a region, launch templates and DHCP options too,
 * which the tagging API does not list. Tags may outlive what they were on: see `existingEc2`.
 */
export async function ec2Tags(aws: Aws, region: string, keys: readonly string[]): Promise<Ec2Tag[]> {
  const answers = await queryEc2(aws, region, 'DescribeTags', filterParameters({ key: keys }))
  return answers
    .flatMap(answer => itemsOf(answer.tagSet))
    .map(tag => ({
      id: textOf(tag, 'resourceId'),
      type: textOf(tag, 'resourceType'),
      key: textOf(tag, 'key'),
      value: textOf(tag, 'value'),
    }))
}
