import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2'
import { DescribeLoadBalancersCommand } from '@aws-sdk/client-elastic-load-balancing-v2'
import { GetResourcesCommand } from '@aws-sdk/client-resource-groups-tagging-api'
import { ListHostedZonesCommand, Route53Client } from '@aws-sdk/client-route-53'
import { CreateBucketCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3'
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { refusalOf } from '@meridian/lab-aws-protocol/testing'
import { openFrontDoor, repositorySlug } from '@meridian/lab-world'
import { expect, test } from 'vitest'
import { idTokenVariables } from '../sts/id-token.ts'
import { openAccount } from './open-account.ts'

type Account = Awaited<ReturnType<typeof openAccount>>

const user = 'User: arn:aws:iam::111122223333:user/lab is not authorized to perform:'
const nobodyAllows = (action: string) => `because no identity-based policy allows the ${action} action`

test.each<[string, string, string, (account: Account) => Promise<unknown>]>([
  [
    'deny:s3:CreateBucket',
    'AccessDenied',
    `${user} s3:CreateBucket on resource: "arn:aws:s3:::some-bucket" ${nobodyAllows('s3:CreateBucket')}`,
    ({ s3 }) => s3().send(new CreateBucketCommand({ Bucket: 'some-bucket' })),
  ],
  [
    'deny:ec2:DescribeVpcs',
    'UnauthorizedOperation',
    `You are not authorized to perform this operation. ${user} ec2:DescribeVpcs ${nobodyAllows('ec2:DescribeVpcs')}`,
    ({ ec2 }) => ec2().send(new DescribeVpcsCommand({})),
  ],
  [
    'deny:tag:GetResources',
    'AccessDeniedException',
    `${user} tag:GetResources ${nobodyAllows('tag:GetResources')}`,
    ({ tagging }) => tagging().send(new GetResourcesCommand({})),
  ],
  [
    'deny:route53:ListHostedZones',
    'AccessDenied',
    `${user} route53:ListHostedZones ${nobodyAllows('route53:ListHostedZones')}`,
    ({ route53 }) => route53.send(new ListHostedZonesCommand({})),
  ],
  [
    'deny:elasticloadbalancing:DescribeLoadBalancers',
    'AccessDenied',
    `${user} elasticloadbalancing:DescribeLoadBalancers ${nobodyAllows('elasticloadbalancing:DescribeLoadBalancers')}`,
    ({ elbv2 }) => elbv2().send(new DescribeLoadBalancersCommand({})),
  ],
])('as the fault %s a request is refused in the words of its service', async (fault, name, message, ask) => {
  const account = await openAccount({ faults: [fault] })

  expect(await refusalOf(ask(account))).toMatchObject({ name, message })
})

test('a permission may be missing for several operations', async () => {
  const { s3 } = await openAccount({ faults: ['deny:s3:ListAllMyBuckets'] })

  expect((await refusalOf(s3().send(new ListBucketsCommand({})))).message).toContain('s3:ListAllMyBuckets')
})

type Settings = ReturnType<Account['settings']>

const asks: [string, (settings: Settings) => Promise<unknown>][] = [
  ['S3', settings => new S3Client(settings).send(new ListBucketsCommand({}))],
  ['EC2', settings => new EC2Client(settings).send(new DescribeVpcsCommand({}))],
  ['STS', settings => new STSClient(settings).send(new GetCallerIdentityCommand({}))],
  ['Route 53', settings => new Route53Client(settings).send(new ListHostedZonesCommand({}))],
]
const skewed = ['RequestTimeTooSkewed', 'RequestExpired', 'SignatureDoesNotMatch', 'SignatureDoesNotMatch']
const expired = ['ExpiredToken', 'RequestExpired', 'ExpiredToken', 'ExpiredToken']

test.each(asks)(
  '%s refuses a clock that is 20 minutes late, and the SDK corrects itself',
  async (name, ask) => {
    const { settings } = await openAccount({ faults: ['clock-skew:20'] })
    const at = asks.findIndex(([service]) => service === name)

    expect((await refusalOf(ask(settings()))).name).toBe(skewed[at])
    await ask({ ...settings(), maxAttempts: 2 })
  },
)

test.each(asks)('%s refuses a session that has ended', async (name, ask) => {
  const { settings, aws } = await openAccount({ faults: ['expire-sessions:2'] })
  const credentials = aws.issueSession()
  await ask({ ...settings(), credentials })

  const refusal = await refusalOf(ask({ ...settings(), credentials }))
  expect(refusal.name).toBe(expired[asks.findIndex(([service]) => service === name)])
})

test('a session can be shorter than was asked for, and says so', async () => {
  const { aws, world } = await openAccount({ faults: ['short-sessions:20'] })

  expect(aws.issueSession(3600).expiresAt - world.clock.now()).toBeLessThanOrEqual(20_000)
})

test("a job's identity token, which may take several attempts, becomes a session", async () => {
  const { aws, world, sts } = await openAccount({ faults: ['id-token-500:2', 'clock-skew:20'] })
  const door = await openFrontDoor(world, { aws: aws.handler, control: aws.control })
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = idTokenVariables(
    door.url,
  )
  const ask = (authorization: string) =>
    fetch(`${url}&audience=sts.amazonaws.com`, { headers: { authorization } })
  const statuses = [await ask('bearer other'), await ask(`bearer ${bearer}`), await ask(`bearer ${bearer}`)]
  const { value } = (await (await ask(`bearer ${bearer}`)).json()) as { value: string }
  await door.close()

  expect(statuses.map(({ status }) => status)).toEqual([401, 500, 500])
  const assumed = await sts.send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: 'arn:aws:iam::111122223333:role/deployer',
      RoleSessionName: 'run-1',
      WebIdentityToken: value,
    }),
  )
  expect(assumed.SubjectFromWebIdentityToken).toBe(`repo:${repositorySlug()}:ref:refs/heads/main`)
})
