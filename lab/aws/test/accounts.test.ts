import { DeleteVolumeCommand, DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2'
import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import {
  GetResourcesCommand,
  ResourceGroupsTaggingAPIClient,
} from '@aws-sdk/client-resource-groups-tagging-api'
import {
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from '@aws-sdk/client-route-53'
import {
  CreateBucketCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketTaggingCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { refusalOf } from '@meridian/lab-aws-protocol/testing'
import { addResource } from '@meridian/lab-world'
import { AwsClient } from 'aws4fetch'
import { expect, test } from 'vitest'
import { openAccount } from './open-account.ts'

const Bucket = 'shared-state'
const theirs = '444455556666'

/** The main account beside another one, each with the settings of its clients. */
async function openTwo() {
  const lab = await openAccount()
  const other = lab.aws.addAccount(theirs)
  const settings = { ...lab.settings(), credentials: other.credentials }
  return {
    ...lab,
    other,
    theirSettings: settings,
    theirS3: new S3Client({ ...settings, forcePathStyle: true }),
  }
}

type Settings = ReturnType<Awaited<ReturnType<typeof openAccount>>['settings']>

/** A request of the Query protocol to a service for which there is no client here. */
async function ask(
  { credentials, endpoint, region }: Settings,
  service: string,
  parameters: Record<string, string>,
) {
  const client = new AwsClient({ ...credentials, service, region, retries: 0 })
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const body = new URLSearchParams(parameters).toString()
  const answer = await client.fetch(endpoint, { method: 'POST', headers, body })
  return answer.text()
}

test('a key and a session belong to their account', async () => {
  const { settings, theirSettings, other } = await openTwo()
  const identify = async (given: typeof theirSettings) => {
    const { Account, Arn } = await new STSClient(given).send(new GetCallerIdentityCommand({}))
    return [Account, Arn]
  }

  expect(await identify(settings())).toEqual(['111122223333', 'arn:aws:iam::111122223333:user/lab'])
  expect(await identify(theirSettings)).toEqual([theirs, `arn:aws:iam::${theirs}:user/lab`])
  expect((await identify({ ...theirSettings, credentials: other.issueSession() }))[0]).toBe(theirs)
})

test('a role is assumed in the account that its ARN names', async () => {
  const { settings } = await openTwo()
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const token = [encode({}), encode({ aud: 'sts.amazonaws.com', exp: 4_102_444_800 }), 's'].join('.')
  const assume = (account: string) =>
    new STSClient(settings()).send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: `arn:aws:iam::${account}:role/deployer`,
        RoleSessionName: 'run',
        WebIdentityToken: token,
      }),
    )

  expect((await assume(theirs)).AssumedRoleUser?.Arn).toContain(theirs)
  expect((await refusalOf(assume('000000000000'))).name).toBe('AccessDenied')
})

test('what one account has, the other does not see, whatever its name', async () => {
  const { world, settings, theirSettings } = await openTwo()
  const region = 'us-east-1'
  const tags = { KubernetesCluster: 'usa.k8s.example.com' }
  for (const account of [world.accountId, theirs]) {
    addResource(world, { type: 'vpc', account, region, tags })
    addResource(world, { type: 'iam-role', account, region, id: 'masters.usa', name: 'masters.usa', tags })
    addResource(world, {
      type: 'load-balancer',
      account,
      region,
      name: 'api',
      tags,
      attributes: { type: 'network' },
    })
    addResource(world, {
      type: 'autoscaling-group',
      account,
      region,
      name: 'nodes',
      tags,
      attributes: { minSize: 1 },
    })
  }

  for (const [account, given] of [
    ['111122223333', settings()],
    [theirs, theirSettings],
  ] as const) {
    const { Vpcs } = await new EC2Client(given).send(new DescribeVpcsCommand({}))
    expect(Vpcs?.map(({ OwnerId }) => OwnerId)).toEqual([account])
    const role = await ask(given, 'iam', { Action: 'GetRole', RoleName: 'masters.usa' })
    expect(role).toContain(`<Arn>arn:aws:iam::${account}:role/masters.usa</Arn>`)
    const { LoadBalancers } = await new ElasticLoadBalancingV2Client(given).send(
      new DescribeLoadBalancersCommand({}),
    )
    expect(LoadBalancers?.map(({ LoadBalancerName }) => LoadBalancerName)).toEqual(['api'])
    const groups = await ask(given, 'autoscaling', { Action: 'DescribeAutoScalingGroups' })
    expect([...groups.matchAll(/<InstanceId>/g)]).toHaveLength(1)
    const { ResourceTagMappingList = [] } = await new ResourceGroupsTaggingAPIClient(given).send(
      new GetResourcesCommand({}),
    )
    const accounts = new Set(ResourceTagMappingList.map(({ ResourceARN = '' }) => ResourceARN.split(':')[4]))
    expect([...accounts]).toEqual([account])
  }
})

test('nobody deletes by id what is in another account', async () => {
  const { world, theirSettings } = await openTwo()
  const { id } = addResource(world, { type: 'volume', region: 'us-east-1' })

  const refusal = await refusalOf(
    new EC2Client(theirSettings).send(new DeleteVolumeCommand({ VolumeId: id })),
  )

  expect(refusal.name).toBe('InvalidVolume.NotFound')
  expect(world.inventory.get(id)).toBeDefined()
})

test('hosted zones are listed to their account only, and closed to all others', async () => {
  const { aws, other, route53, theirSettings } = await openTwo()
  const mine = aws.route53.addZone('k8s.example.com')
  const hers = other.addZone('k8s.example.com')
  const names = async (client: Route53Client) =>
    (await client.send(new ListHostedZonesCommand({}))).HostedZones?.map(({ Id }) => Id)

  expect(await names(route53)).toEqual([`/hostedzone/${mine.id}`])
  expect(await names(new Route53Client(theirSettings))).toEqual([`/hostedzone/${hers.id}`])
  const read = route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: hers.id }))
  expect(await refusalOf(read)).toMatchObject({ name: 'AccessDenied', status: 403 })
})

test("another account's bucket is closed, its name is taken, and nobody else lists it", async () => {
  const { s3, theirS3 } = await openTwo()
  await theirS3.send(new CreateBucketCommand({ Bucket }))

  expect((await refusalOf(s3().send(new HeadBucketCommand({ Bucket })))).status).toBe(403)
  expect((await refusalOf(s3().send(new GetBucketLocationCommand({ Bucket })))).name).toBe('AccessDenied')
  expect((await refusalOf(s3().send(new CreateBucketCommand({ Bucket })))).name).toBe('BucketAlreadyExists')
  expect((await s3().send(new ListBucketsCommand({}))).Buckets).toEqual([])
  expect((await theirS3.send(new ListBucketsCommand({}))).Buckets).toHaveLength(1)
})

test('a bucket that was opened to an account takes and gives what the policy says', async () => {
  const { aws, world, s3, theirS3 } = await openTwo()
  await theirS3.send(new CreateBucketCommand({ Bucket }))
  aws.s3.openBucket(Bucket, world.accountId, ['s3:PutObject', 's3:ListBucket', 's3:GetBucket*'])

  await s3().send(new HeadBucketCommand({ Bucket }))
  await s3().send(new PutObjectCommand({ Bucket, Key: 'usa/config', Body: 'secret' }))
  expect((await s3().send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(1)
  expect((await refusalOf(s3().send(new GetObjectCommand({ Bucket, Key: 'usa/config' })))).name).toBe(
    'AccessDenied',
  )
  const tag = new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] } })
  expect((await refusalOf(s3().send(tag))).name).toBe('AccessDenied')
  expect(
    await (await theirS3.send(new GetObjectCommand({ Bucket, Key: 'usa/config' }))).Body?.transformToString(),
  ).toBe('secret')
})

test('whoever says whose bucket he expects is refused by any other, at every operation', async () => {
  const { aws, world, s3, theirS3 } = await openTwo()
  await theirS3.send(new CreateBucketCommand({ Bucket }))
  aws.s3.openBucket(Bucket, world.accountId)
  const expecting = (ExpectedBucketOwner: string) => ({ Bucket, ExpectedBucketOwner })
  const attempts = (owner: string) => [
    () => s3().send(new GetBucketLocationCommand(expecting(owner))),
    () => s3().send(new PutObjectCommand({ ...expecting(owner), Key: 'k', Body: 'x' })),
    () => s3().send(new ListObjectsV2Command(expecting(owner))),
  ]

  for (const attempt of attempts(world.accountId)) {
    expect(await refusalOf(attempt())).toMatchObject({
      name: 'AccessDenied',
      message: 'Access Denied',
      status: 403,
    })
  }
  for (const attempt of attempts(theirs)) await attempt()
})
