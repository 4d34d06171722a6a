import {
  DescribeAvailabilityZonesCommand,
  DescribeInstancesCommand,
  DescribeRegionsCommand,
  DescribeSecurityGroupsCommand,
  DescribeVolumesCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2'
import { GetResourcesCommand } from '@aws-sdk/client-resource-groups-tagging-api'
import { refusalOf } from '@meridian/lab-aws-protocol/testing'
import { deleteResource, type NewResource } from '@meridian/lab-world'
import { expect, test } from 'vitest'
import { openAccount } from './open-account.ts'

const region = 'us-east-1'
const cluster = 'usa.k8s.example.com'
const tags = { KubernetesCluster: cluster }
const byCluster = { Filters: [{ Name: 'tag:KubernetesCluster', Values: [cluster] }] }

async function openCluster() {
  const account = await openAccount({ scale: 1000 })
  const add = (given: Partial<NewResource> & Pick<NewResource, 'type'>) =>
    account.world.inventory.add({ region, tags, ...given })
  const vpc = add({ type: 'vpc' })
  const attributes = { vpcId: vpc.id, instanceType: 't3.medium', availabilityZone: 'us-east-1a' }
  const instance = add({ type: 'instance', state: 'running', attributes })
  add({ type: 'volume', state: 'in-use', attributes: { instanceId: instance.id, size: 20 } })
  add({ type: 'security-group', name: `nodes.${cluster}`, attributes: { vpcId: vpc.id } })
  add({ type: 'instance', state: 'running', region: 'eu-west-1' })
  return { ...account, add, vpc, instance }
}

test('the machines of a cluster are found by tag, in their region only', async () => {
  const { ec2, instance } = await openCluster()

  const { Reservations } = await ec2().send(new DescribeInstancesCommand(byCluster))

  expect(Reservations?.flatMap(({ Instances = [] }) => Instances)).toMatchObject([
    { InstanceId: instance.id, State: { Name: 'running' }, InstanceType: 't3.medium' },
  ])
})

test('filters narrow together, and their values widen', async () => {
  const { ec2, instance } = await openCluster()
  const find = (Filters: { Name: string; Values: string[] }[]) =>
    ec2().send(new DescribeInstancesCommand({ Filters: [...byCluster.Filters, ...Filters] }))

  const running = await find([{ Name: 'instance-state-name', Values: ['pending', 'running'] }])
  const stopped = await find([{ Name: 'instance-state-name', Values: ['stopped'] }])

  expect(running.Reservations?.[0]?.Instances?.[0]?.InstanceId).toBe(instance.id)
  expect(stopped.Reservations).toEqual([])
})

test('an unknown filter or id is refused', async () => {
  const { ec2 } = await openCluster()
  const byFilter = new DescribeInstancesCommand({ Filters: [{ Name: 'colour', Values: ['red'] }] })
  const byId = new DescribeInstancesCommand({ InstanceIds: ['i-1'] })

  expect((await refusalOf(ec2().send(byFilter))).name).toBe('InvalidParameterValue')
  expect(await refusalOf(ec2().send(byId))).toMatchObject({
    name: 'InvalidInstanceID.NotFound',
    message: "The instance ID 'i-1' does not exist",
  })
})

test('a volume names the instance that holds it', async () => {
  const { ec2, instance } = await openCluster()

  const { Volumes } = await ec2().send(new DescribeVolumesCommand(byCluster))

  expect(Volumes).toMatchObject([{ State: 'in-use', Attachments: [{ InstanceId: instance.id }] }])
})

test('security groups are found by their VPC', async () => {
  const { ec2, vpc } = await openCluster()
  const Filters = [{ Name: 'vpc-id', Values: [vpc.id] }]

  const { SecurityGroups } = await ec2().send(new DescribeSecurityGroupsCommand({ Filters }))
  const { Vpcs } = await ec2().send(new DescribeVpcsCommand({ Filters }))

  expect(SecurityGroups?.map(({ GroupName }) => GroupName)).toEqual([`nodes.${cluster}`])
  expect(Vpcs?.map(({ VpcId }) => VpcId)).toEqual([vpc.id])
})

test('regions and their zones are known', async () => {
  const { ec2 } = await openAccount()

  const { Regions } = await ec2().send(new DescribeRegionsCommand({}))
  const { AvailabilityZones } = await ec2('ap-northeast-1').send(new DescribeAvailabilityZonesCommand({}))

  expect(Regions?.map(({ RegionName }) => RegionName)).toContain('ap-northeast-1')
  expect(AvailabilityZones?.map(({ ZoneName }) => ZoneName)).toEqual([
    'ap-northeast-1a',
    'ap-northeast-1c',
    'ap-northeast-1d',
  ])
})

test('a terminated instance is still listed, by EC2 and by the tagging API', async () => {
  const { ec2, tagging, world, instance } = await openCluster()
  deleteResource(world, instance.id)
  await world.clock.sleep(31)

  const { Reservations } = await ec2().send(new DescribeInstancesCommand(byCluster))
  const ResourceTypeFilters = ['ec2:instance']
  const { ResourceTagMappingList } = await tagging().send(new GetResourcesCommand({ ResourceTypeFilters }))

  expect(world.inventory.get(instance.id)).toBeUndefined()
  expect(Reservations?.[0]?.Instances?.[0]?.State?.Name).toBe('terminated')
  expect(ResourceTagMappingList?.map(({ ResourceARN }) => ResourceARN)).toEqual([instance.arn])
})

test('the tagging API leaves out what it does not know', async () => {
  const { tagging, add } = await openCluster()
  for (const type of [
    'dhcp-options',
    'autoscaling-group',
    'launch-template',
    'iam-role',
    'eventbridge-rule',
  ] as const) {
    add({ type, name: type })
  }
  const TagFilters = [{ Key: 'KubernetesCluster', Values: [cluster] }]

  const { ResourceTagMappingList = [] } = await tagging().send(new GetResourcesCommand({ TagFilters }))
  const kinds = ResourceTagMappingList.map(({ ResourceARN = '' }) => ResourceARN.split(':')[5]?.split('/')[0])

  expect(kinds).toEqual(['vpc', 'instance', 'volume', 'security-group'])
})

test('tagged resources come in pages, and every tag filter must match', async () => {
  const { tagging } = await openCluster()
  const page = (PaginationToken?: string) =>
    tagging().send(
      new GetResourcesCommand({
        TagFilters: [{ Key: 'KubernetesCluster' }],
        ResourcesPerPage: 3,
        PaginationToken,
      }),
    )

  const first = await page()
  const second = await page(first.PaginationToken)
  const none = await tagging().send(
    new GetResourcesCommand({ TagFilters: [{ Key: 'KubernetesCluster', Values: ['other'] }] }),
  )

  expect(
    [first, second, none].map(({ ResourceTagMappingList = [] }) => ResourceTagMappingList.length),
  ).toEqual([3, 1, 0])
})
