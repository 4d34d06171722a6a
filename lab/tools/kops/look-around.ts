import type { CloudClient } from './cloud-client.ts'

/** What kops asks whenever it opens a region: which regions and zones there are. */
export async function lookAround(cloud: CloudClient): Promise<void> {
  await cloud.query('ec2', 'DescribeRegions')
  await cloud.query('ec2', 'DescribeAvailabilityZones')
}

/** What kops asks before it builds: who it is, and what somebody with other machines has left behind. */
export async function lookAhead(
  cloud: CloudClient,
  cluster: string,
  images: readonly Machine[],
): Promise<void> {
  await lookAround(cloud)
  for (const { size } of images) await cloud.query('ec2', 'DescribeInstanceTypes', { 'InstanceType.1': size })
  await cloud.query('sts', 'GetCallerIdentity')
  await cloud.query('iam', 'ListRoles')
  await cloud.json('events', 'ListRules', { NamePrefix: `${cluster}-RebalanceRecommendation` })
}

type Machine = { size: string }
