import { type Aws, filterParameters, itemsOf, queryEc2, tagsOf, textOf } from '@meridian/aws'

export type NetworkInterface = {
  readonly id: string
  readonly vpcId: string
  readonly subnetId: string
  /** `ELB app/…`, `ELB net/…` or `ELB <name>` on the interfaces of load balancers. */
  readonly description: string
  readonly status: string
  readonly tags: Readonly<Record<string, string>>
}

/**
 * The network interfaces that match EC2 filters such as `{ 'vpc-id': ['vpc-1'] }` or `{ description: ['ELB *'] }`.
 * A load balancer's outlive it by minutes, and keep its subnets and security groups from being deleted.
 */
export async function networkInterfaces(
  aws: Aws,
  region: string,
  filters: Record<string, readonly string[]>,
): Promise<NetworkInterface[]> {
  const answers = await queryEc2(aws, region, 'DescribeNetworkInterfaces', filterParameters(filters))
  return answers
    .flatMap(answer => itemsOf(answer.networkInterfaceSet))
    .map(found => ({
      id: textOf(found, 'networkInterfaceId'),
      vpcId: textOf(found, 'vpcId'),
      subnetId: textOf(found, 'subnetId'),
      description: textOf(found, 'description'),
      status: textOf(found, 'status'),
      tags: tagsOf(found),
    }))
}
