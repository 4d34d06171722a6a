import {
  type Aws,
  itemsOf,
  type QueryService,
  query,
  queryPages,
  resultOf,
  type SignedService,
  sendSigned,
  textOf,
} from '@meridian/aws'

/** EC2 Auto Scaling. */
export const autoscaling: QueryService = {
  name: 'autoscaling',
  variable: 'AUTO_SCALING',
  host: region => `autoscaling.${region}.amazonaws.com`,
  version: '2011-01-01',
}
const iam: QueryService = {
  name: 'iam',
  variable: 'IAM',
  host: () => 'iam.amazonaws.com',
  version: '2010-05-08',
}
const events: SignedService = {
  name: 'events',
  variable: 'EVENTBRIDGE',
  host: region => `events.${region}.amazonaws.com`,
}
/** IAM answers in us-east-1 for all regions. */
const iamRegion = 'us-east-1'

/** ARNs of the auto scaling groups of a region that have a tag of the given value. */
export async function autoScalingGroups(
  aws: Aws,
  region: string,
  tag: { readonly key: string; readonly value: string },
): Promise<string[]> {
  const filter = { 'Filters.member.1.Name': `tag:${tag.key}`, 'Filters.member.1.Values.member.1': tag.value }
  const pages = await queryPages(filter, 'NextToken', async form => {
    const answer = await query(aws, autoscaling, region, 'DescribeAutoScalingGroups', form)
    const page = resultOf(answer, 'DescribeAutoScalingGroups')
    return { page, next: textOf(page, 'NextToken') }
  })
  return pages
    .flatMap(page => itemsOf(page.AutoScalingGroups, 'member'))
    .map(group => textOf(group, 'AutoScalingGroupARN'))
}

/** ARNs of the account's roles and instance profiles of the given names. */
export async function rolesAndProfiles(aws: Aws, names: readonly string[]): Promise<string[]> {
  const [roles, profiles] = await Promise.all([
    listIam(aws, 'ListRoles', 'Roles', 'RoleName'),
    listIam(aws, 'ListInstanceProfiles', 'InstanceProfiles', 'InstanceProfileName'),
  ])
  return [...roles, ...profiles].filter(({ name }) => names.includes(name)).map(({ arn }) => arn)
}

async function listIam(aws: Aws, action: string, set: string, name: string) {
  const pages = await queryPages({ MaxItems: '1000' }, 'Marker', async form => {
    const page = resultOf(await query(aws, iam, iamRegion, action, form), action)
    return { page, next: textOf(page, 'Marker') }
  })
  return pages
    .flatMap(page => itemsOf(page[set], 'member'))
    .map(member => ({ name: textOf(member, name), arn: textOf(member, 'Arn') }))
}

/** ARNs of the EventBridge rules of a region whose names begin with `prefix`. */
export async function eventRules(aws: Aws, region: string, prefix: string): Promise<string[]> {
  const found: string[] = []
  let NextToken: string | undefined
  do {
    const text = await sendSigned(aws, events, {
      region,
      operation: 'ListRules',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSEvents.ListRules' },
      body: JSON.stringify({ NamePrefix: prefix, ...(NextToken && { NextToken }) }),
    })
    const page = JSON.parse(text) as { Rules?: { Arn?: string }[]; NextToken?: string }
    found.push(...(page.Rules ?? []).flatMap(({ Arn }) => Arn ?? []))
    NextToken = page.NextToken
  } while (NextToken)
  return found
}
