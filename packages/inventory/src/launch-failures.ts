import { type Aws, itemsOf, query, resultOf, textOf } from '@meridian/aws'
import { autoScalingGroups, autoscaling } from './unlisted.ts'

/** `reason` in EC2's words, such as a lack of capacity or a quota that is used up. */
export type LaunchFailure = { readonly group: string; readonly reason: string }

/** The auto scaling groups with a tag of the given value whose latest attempt to launch a machine has failed. */
export async function launchFailures(
  aws: Aws,
  region: string,
  tag: { readonly key: string; readonly value: string },
): Promise<LaunchFailure[]> {
  const names = (await autoScalingGroups(aws, region, tag)).map(arn => arn.split('/').at(-1) ?? '')
  const found = await Promise.all(names.map(group => latestFailure(aws, region, group)))
  return found.filter(failure => failure !== undefined)
}

/** Auto Scaling lists the newest first. */
async function latestFailure(aws: Aws, region: string, group: string): Promise<LaunchFailure | undefined> {
  const form = { AutoScalingGroupName: group, MaxRecords: '1' }
  const answer = await query(aws, autoscaling, region, 'DescribeScalingActivities', form)
  const [latest] = itemsOf(resultOf(answer, 'DescribeScalingActivities').Activities, 'member')
  if (textOf(latest, 'StatusCode') !== 'Failed') return undefined
  return { group, reason: textOf(latest, 'StatusMessage') }
}
