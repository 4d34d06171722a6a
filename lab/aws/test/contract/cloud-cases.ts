import {
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DescribeAvailabilityZonesCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeSecurityGroupsCommand,
  DescribeVolumesCommand,
  DescribeVpcsCommand,
  type EC2Client,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'
import {
  DeleteLoadBalancerCommand,
  DescribeLoadBalancersCommand,
  type ElasticLoadBalancingClient,
} from '@aws-sdk/client-elastic-load-balancing'
import {
  DescribeLoadBalancersCommand as DescribeNetworkLoadBalancersCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import {
  GetResourcesCommand,
  type ResourceGroupsTaggingAPIClient,
} from '@aws-sdk/client-resource-groups-tagging-api'
import {
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  type STSClient,
} from '@aws-sdk/client-sts'
import { refusalOf } from '@meridian/lab-aws-protocol/testing'
import { expect } from 'vitest'

export type CloudClients = {
  ec2: EC2Client
  elb: ElasticLoadBalancingClient
  elbv2: ElasticLoadBalancingV2Client
  sts: STSClient
  tagging: ResourceGroupsTaggingAPIClient
}

/** One rule of EC2, ELB, STS or tagging, told through the API alone. */
export type CloudCase = {
  rule: string
  run(clients: CloudClients): Promise<void>
  /** Why moto does not follow the rule. */
  deviation?: string
}

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
const claims = { aud: 'sts.amazonaws.com', sub: 'repo:o/r:ref:refs/heads/main', exp: 4_102_444_800 }
const WebIdentityToken = [encode({ alg: 'RS256' }), encode(claims), 'signature'].join('.')

/** An id that nobody has is refused with a code of its own. */
function refuses(what: string, code: string, ask: (clients: CloudClients) => Promise<unknown>): CloudCase {
  return {
    rule: `${what} that is not there is ${code}`,
    run: async clients => expect((await refusalOf(ask(clients))).name).toBe(code),
  }
}

export const cloudCases: CloudCase[] = [
  refuses('a VPC', 'InvalidVpcID.NotFound', ({ ec2 }) =>
    ec2.send(new DescribeVpcsCommand({ VpcIds: ['vpc-0123456789abcdef0'] })),
  ),
  refuses('a VPC to delete', 'InvalidVpcID.NotFound', ({ ec2 }) =>
    ec2.send(new DeleteVpcCommand({ VpcId: 'vpc-0123456789abcdef0' })),
  ),
  refuses('a subnet to delete', 'InvalidSubnetID.NotFound', ({ ec2 }) =>
    ec2.send(new DeleteSubnetCommand({ SubnetId: 'subnet-0123456789abcdef0' })),
  ),
  refuses('an instance', 'InvalidInstanceID.NotFound', ({ ec2 }) =>
    ec2.send(new DescribeInstancesCommand({ InstanceIds: ['i-0123456789abcdef0'] })),
  ),
  refuses('an instance to terminate', 'InvalidInstanceID.NotFound', ({ ec2 }) =>
    ec2.send(new TerminateInstancesCommand({ InstanceIds: ['i-0123456789abcdef0'] })),
  ),
  refuses('a volume', 'InvalidVolume.NotFound', ({ ec2 }) =>
    ec2.send(new DescribeVolumesCommand({ VolumeIds: ['vol-0123456789abcdef0'] })),
  ),
  refuses('a security group', 'InvalidGroup.NotFound', ({ ec2 }) =>
    ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: ['sg-0123456789abcdef0'] })),
  ),
  {
    rule: 'a tag that nobody has finds no machine',
    async run({ ec2 }) {
      const Filters = [{ Name: 'tag:KubernetesCluster', Values: ['nobody'] }]
      expect((await ec2.send(new DescribeInstancesCommand({ Filters }))).Reservations).toEqual([])
    },
  },
  {
    rule: 'the zones of a region are listed',
    async run({ ec2 }) {
      const { AvailabilityZones } = await ec2.send(new DescribeAvailabilityZonesCommand({}))
      expect(AvailabilityZones?.map(({ ZoneName }) => ZoneName)).toContain('us-east-1a')
    },
  },
  {
    rule: 'the zones that offer an instance type are listed, and none for a type that there is not',
    async run({ ec2 }) {
      const { InstanceTypeOfferings: offers = [] } = await ec2.send(
        new DescribeInstanceTypeOfferingsCommand({
          LocationType: 'availability-zone',
          Filters: [{ Name: 'instance-type', Values: ['t3.medium', 't3.medum'] }],
        }),
      )
      expect(offers).toContainEqual({
        InstanceType: 't3.medium',
        LocationType: 'availability-zone',
        Location: 'us-east-1a',
      })
      expect(offers.filter(({ InstanceType }) => InstanceType !== 't3.medium')).toEqual([])
    },
  },
  {
    // The SDK calls what the wire calls LoadBalancerNotFound by the names of its models.
    rule: 'a load balancer that is not there is refused by both services',
    async run({ elb, elbv2 }) {
      const classic = elb.send(new DescribeLoadBalancersCommand({ LoadBalancerNames: ['nobody'] }))
      expect((await refusalOf(classic)).name).toBe('AccessPointNotFoundException')
      const modern = elbv2.send(new DescribeNetworkLoadBalancersCommand({ Names: ['nobody'] }))
      expect((await refusalOf(modern)).name).toBe('LoadBalancerNotFoundException')
    },
  },
  {
    rule: 'a classic load balancer that is not there is deleted successfully',
    run: async ({ elb }) =>
      void (await elb.send(new DeleteLoadBalancerCommand({ LoadBalancerName: 'nobody' }))),
  },
  {
    rule: 'a key has an account',
    async run({ sts }) {
      const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}))
      expect(Arn).toContain(`:${Account}:`)
      expect(Account).toMatch(/^\d{12}$/)
    },
  },
  {
    rule: 'a web identity becomes a session of its role',
    async run({ sts }) {
      const { Account } = await sts.send(new GetCallerIdentityCommand({}))
      const RoleArn = `arn:aws:iam::${Account}:role/deployer`
      const assumed = await sts.send(
        new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName: 'run-1', WebIdentityToken }),
      )
      expect(assumed.Credentials?.AccessKeyId).toMatch(/^ASIA/)
      expect(assumed.AssumedRoleUser?.Arn).toContain(':assumed-role/deployer/run-1')
    },
  },
  {
    rule: 'an identity token that is none is refused',
    deviation: 'moto takes any text for a token',
    async run({ sts }) {
      const { Account } = await sts.send(new GetCallerIdentityCommand({}))
      const RoleArn = `arn:aws:iam::${Account}:role/deployer`
      const asked = new AssumeRoleWithWebIdentityCommand({
        RoleArn,
        RoleSessionName: 'run-1',
        WebIdentityToken: 'none',
      })
      expect((await refusalOf(sts.send(asked))).name).toBe('InvalidIdentityTokenException')
    },
  },
  {
    rule: 'a tag that nobody has finds no resource',
    async run({ tagging }) {
      const TagFilters = [{ Key: 'KubernetesCluster', Values: ['nobody'] }]
      const { ResourceTagMappingList } = await tagging.send(new GetResourcesCommand({ TagFilters }))
      expect(ResourceTagMappingList).toEqual([])
    },
  },
]
