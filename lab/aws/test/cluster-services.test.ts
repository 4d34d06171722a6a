import { addResource, type NewResource, type WorldOptions } from '@meridian/lab-world'
import { AwsClient } from 'aws4fetch'
import { expect, test } from 'vitest'
import { openAccount } from './open-account.ts'

const region = 'us-east-1'
const cluster = 'usa.k8s.example.com'
const tags = { KubernetesCluster: cluster }

async function openServices(options: WorldOptions = {}) {
  const account = await openAccount({ scale: 1000, ...options })
  async function send(service: string, headers: Record<string, string>, body: string) {
    const client = new AwsClient({ ...account.aws.credentials, service, region, retries: 0 })
    const answer = await client.fetch(account.door.url, { method: 'POST', headers, body })
    return { status: answer.status, text: await answer.text() }
  }
  return {
    ...account,
    add: (given: Partial<NewResource> & Pick<NewResource, 'type'>) =>
      addResource(account.world, { region, tags, ...given }),
    /** A request of the Query protocol. */
    query: (service: string, Action: string, parameters: Record<string, string> = {}) =>
      send(
        service,
        { 'content-type': 'application/x-www-form-urlencoded' },
        new URLSearchParams({ Action, ...parameters }).toString(),
      ),
    /** A request of the JSON protocol. */
    async json(service: string, target: string, body: object = {}) {
      const { status, text } = await send(service, { 'x-amz-target': target }, JSON.stringify(body))
      return { status, body: JSON.parse(text) }
    },
  }
}

const group = (more: object = {}) =>
  ({
    type: 'autoscaling-group',
    name: `nodes-us-east-1a.${cluster}`,
    attributes: {
      minSize: 2,
      maxSize: 2,
      instanceType: 't3.medium',
      availabilityZone: 'us-east-1a',
      ...more,
    },
  }) as const

test('an auto scaling group launches its instances, shows them, and takes them with it', async () => {
  const { add, query, world } = await openServices()
  const { name } = add(group())
  const groups = await query('autoscaling', 'DescribeAutoScalingGroups', {
    'Filters.member.1.Name': 'tag:KubernetesCluster',
    'Filters.member.1.Values.member.1': cluster,
  })
  const running = world.inventory.list({ type: 'instance' })

  expect(running).toHaveLength(2)
  expect(groups.text).toContain(`<AutoScalingGroupName>${name}</AutoScalingGroupName>`)
  expect(groups.text).toContain(`<InstanceId>${running[0]?.id}</InstanceId>`)
  const remove = { AutoScalingGroupName: name ?? '' }
  expect((await query('autoscaling', 'DeleteAutoScalingGroup', remove)).text).toContain('ResourceInUse')
  await query('autoscaling', 'DeleteAutoScalingGroup', { ...remove, ForceDelete: 'true' })
  await world.clock.sleep(40)
  expect(world.inventory.list()).toEqual([])
})

test('an instance of a group is replaced when it is terminated', async () => {
  const { add, query, world } = await openServices()
  add(group())
  const [first] = world.inventory.list({ type: 'instance' })
  await query('ec2', 'TerminateInstances', { 'InstanceId.1': first?.id ?? '' })
  await world.clock.sleep(40)

  const left = world.inventory.list({ type: 'instance' })
  expect(left).toHaveLength(2)
  expect(left.map(({ id }) => id)).not.toContain(first?.id)
})

test.each([
  ['no-capacity', 'We currently do not have sufficient t3.medium capacity'],
  ['vcpu-quota', 'You have requested more vCPU capacity than your current vCPU limit'],
])('as the fault %s a group tells in its activities why it launches nothing', async (fault, message) => {
  const { add, query, world } = await openServices({ faults: [fault] })
  const { name = '' } = add(group())
  const { text } = await query('autoscaling', 'DescribeScalingActivities', { AutoScalingGroupName: name })

  expect(world.inventory.list({ type: 'instance' })).toEqual([])
  expect(text).toContain('<StatusCode>Failed</StatusCode>')
  expect(text).toContain(message)
})

test('roles and profiles are listed without tags, which each must be asked for', async () => {
  const { add, query } = await openServices()
  const name = `nodes.${cluster}`
  add({ type: 'iam-role', name, id: name })
  add({ type: 'iam-instance-profile', name, id: `profile/${name}`, attributes: { role: name } })

  expect((await query('iam', 'ListRoles')).text).not.toContain(`<Value>${cluster}</Value>`)
  expect((await query('iam', 'GetRole', { RoleName: name })).text).toContain(`<Value>${cluster}</Value>`)
  const profile = await query('iam', 'GetInstanceProfile', { InstanceProfileName: name })
  expect(profile.text).toContain(`<RoleName>${name}</RoleName>`)
  expect((await query('iam', 'GetRole', { RoleName: 'other' })).text).toContain('<Code>NoSuchEntity</Code>')
})

test('queues and rules are listed by a prefix, their tags by url and ARN', async () => {
  const { add, json } = await openServices()
  add({ type: 'sqs', name: 'usa-k8s-example-com-nth' })
  const { arn } = add({ type: 'eventbridge-rule', name: `${cluster}-SpotInterruption` })

  const queues = await json('sqs', 'AmazonSQS.ListQueues', { QueueNamePrefix: 'usa-' })
  expect(queues.body.QueueUrls).toEqual([
    expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/111122223333\/usa-k8s-example-com-nth$/),
  ])
  const queueTags = await json('sqs', 'AmazonSQS.ListQueueTags', { QueueUrl: queues.body.QueueUrls[0] })
  expect(queueTags.body.Tags).toEqual(tags)
  const rules = await json('events', 'AWSEvents.ListRules', { NamePrefix: `${cluster}-` })
  expect(rules.body.Rules).toMatchObject([{ Arn: arn }])
  const ruleTags = await json('events', 'AWSEvents.ListTagsForResource', { ResourceARN: arn })
  expect(ruleTags.body.Tags).toEqual([{ Key: 'KubernetesCluster', Value: cluster }])
})

test('EC2 deletes what nothing holds, and says what is held or absent', async () => {
  const { add, query, world } = await openServices()
  const { id: VpcId } = add({ type: 'vpc' })
  const { id: SubnetId } = add({ type: 'subnet', attributes: { vpcId: VpcId } })

  expect((await query('ec2', 'DeleteVpc', { VpcId })).text).toContain('<Code>DependencyViolation</Code>')
  expect((await query('ec2', 'DeleteSubnet', { SubnetId: 'subnet-1' })).text).toContain(
    '<Code>InvalidSubnetID.NotFound</Code>',
  )
  expect((await query('ec2', 'DeleteSubnet', { SubnetId })).status).toBe(200)
  await query('ec2', 'DeleteVpc', { VpcId })
  expect(world.inventory.list()).toEqual([])
})

test.each([
  ['DescribeSubnets', 'subnet'],
  ['DescribeRouteTables', 'route-table'],
  ['DescribeInternetGateways', 'internet-gateway'],
  ['DescribeDhcpOptions', 'dhcp-options'],
  ['DescribeLaunchTemplates', 'launch-template'],
  ['DescribeKeyPairs', 'key-pair'],
  ['DescribeAddresses', 'elastic-ip'],
] as const)('%s finds a %s by its tag', async (operation, type) => {
  const { add, query } = await openServices()
  const { id } = add({ type })
  add({ type, tags: { KubernetesCluster: 'other' } })
  const { text } = await query('ec2', operation, {
    'Filter.1.Name': 'tag:KubernetesCluster',
    'Filter.1.Value.1': cluster,
  })

  expect(text).toContain(id)
  expect(text.match(/<tagSet>/g)).toHaveLength(1)
})
