import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2'
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3'
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts'
import { refusalOf } from '@meridian/lab-aws-protocol/testing'
import { expect, test } from 'vitest'
import { openAccount } from './open-account.ts'

type Settings = ReturnType<Awaited<ReturnType<typeof openAccount>>['settings']>

const RoleArn = 'arn:aws:iam::111122223333:role/deployer'

function tokenWith(claims: object): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  return [encode({ alg: 'RS256' }), encode(claims), 'signature'].join('.')
}

const goodClaims = { aud: 'sts.amazonaws.com', sub: 'repo:o/r:ref:refs/heads/main', exp: 4_102_444_800 }

function assume(WebIdentityToken: string, more: object = {}) {
  return new AssumeRoleWithWebIdentityCommand({
    RoleArn,
    RoleSessionName: 'run-1',
    WebIdentityToken,
    ...more,
  })
}

test('the caller of a long-lived key is a user of the account', async () => {
  const { sts } = await openAccount()

  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: '111122223333',
    Arn: 'arn:aws:iam::111122223333:user/lab',
  })
})

test('a web identity becomes a session of the role', async () => {
  const { sts, settings } = await openAccount()
  const { Credentials: given } = await sts.send(assume(tokenWith(goodClaims), { DurationSeconds: 900 }))
  const credentials = {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  }

  const caller = await new STSClient({ ...settings(), credentials }).send(new GetCallerIdentityCommand({}))

  expect(caller.Arn).toBe('arn:aws:sts::111122223333:assumed-role/deployer/run-1')
  const seconds = ((given?.Expiration?.getTime() ?? 0) - Date.now()) / 1000
  expect(Math.round(seconds / 10)).toBe(90)
})

test('a session without its token is not known', async () => {
  const { sts, settings } = await openAccount()
  const { Credentials: given } = await sts.send(assume(tokenWith(goodClaims)))
  const credentials = { accessKeyId: given?.AccessKeyId ?? '', secretAccessKey: given?.SecretAccessKey ?? '' }
  const client = new STSClient({ ...settings(), credentials })

  expect((await refusalOf(client.send(new GetCallerIdentityCommand({})))).name).toBe('InvalidClientTokenId')
})

test.each([
  [
    'for another audience',
    assume(tokenWith({ ...goodClaims, aud: 'other' })),
    'InvalidIdentityTokenException',
  ],
  ['that is no token', assume('secret'), 'InvalidIdentityTokenException'],
  ['that has expired', assume(tokenWith({ ...goodClaims, exp: 1 })), 'ExpiredTokenException'],
  [
    'for a role of another account',
    assume(tokenWith(goodClaims), { RoleArn: RoleArn.replace('1111', '9999') }),
    'AccessDenied',
  ],
  ['for 10 seconds', assume(tokenWith(goodClaims), { DurationSeconds: 10 }), 'ValidationError'],
])('a web identity %s is refused', async (_what, command, name) => {
  const { sts } = await openAccount()

  expect((await refusalOf(sts.send(command))).name).toBe(name)
})

test.each([
  [
    'STS',
    'InvalidClientTokenId',
    (unknown: Settings) => new STSClient(unknown).send(new GetCallerIdentityCommand({})),
  ],
  ['S3', 'InvalidAccessKeyId', (unknown: Settings) => new S3Client(unknown).send(new ListBucketsCommand({}))],
  ['EC2', 'AuthFailure', (unknown: Settings) => new EC2Client(unknown).send(new DescribeRegionsCommand({}))],
] as const)('%s answers %s to an unknown access key', async (_service, name, ask) => {
  const { settings } = await openAccount()
  const unknown = { ...settings(), credentials: { accessKeyId: 'unknown', secretAccessKey: 'x' } }

  expect((await refusalOf(ask(unknown))).name).toBe(name)
})

test.each([
  [
    'STS',
    'SignatureDoesNotMatch',
    (wrong: Settings) => new STSClient(wrong).send(new GetCallerIdentityCommand({})),
  ],
  ['S3', 'SignatureDoesNotMatch', (wrong: Settings) => new S3Client(wrong).send(new ListBucketsCommand({}))],
  ['EC2', 'AuthFailure', (wrong: Settings) => new EC2Client(wrong).send(new DescribeRegionsCommand({}))],
] as const)('%s answers %s to a signature by another secret key', async (_service, name, ask) => {
  const { settings, aws } = await openAccount()
  const { accessKeyId } = aws.credentials

  expect(
    (await refusalOf(ask({ ...settings(), credentials: { accessKeyId, secretAccessKey: 'x' } }))).name,
  ).toBe(name)
})

test('a request without a signature is refused', async () => {
  const { door } = await openAccount()

  const answer = await fetch(`${door.url}/some-bucket`)

  expect(answer.status).toBe(403)
  expect(await answer.text()).toContain('<Code>AccessDenied</Code>')
})

test('a role is assumed by those whom it trusts, also of another account, and by nobody else', async () => {
  const { sts, aws, settings } = await openAccount()
  const other = aws.addAccount('444455556666')
  const roleArn = `arn:aws:iam::${other.id}:role/clusters`
  const assumed = (client: STSClient, more = {}) =>
    client.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'run-1', ...more }))
  expect(await refusalOf(assumed(sts))).toMatchObject({
    name: 'AccessDenied',
    message: `User: arn:aws:iam::111122223333:user/lab is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
  })
  aws.letAssume(roleArn, ['arn:aws:iam::111122223333:user/lab', 'arn:aws:iam::111122223333:role/deployer'])
  const { Credentials: given } = await assumed(sts)
  const credentials = {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  }
  const caller = await new STSClient({ ...settings(), credentials }).send(new GetCallerIdentityCommand({}))
  expect(caller).toMatchObject({
    Account: other.id,
    Arn: `arn:aws:sts::${other.id}:assumed-role/clusters/run-1`,
  })

  const chained = new STSClient({ ...settings(), credentials: aws.issueSession() })
  await assumed(chained, { DurationSeconds: 3600 })
  expect((await refusalOf(assumed(chained, { DurationSeconds: 3601 }))).message).toContain('role chaining')
})

test('who assumes a role of another account needs the permission for it', async () => {
  const { sts, aws } = await openAccount({ faults: ['deny:sts:AssumeRole'] })
  const other = aws.addAccount('444455556666')
  const roleArn = `arn:aws:iam::${other.id}:role/clusters`
  aws.letAssume(roleArn, ['arn:aws:iam::111122223333:user/lab'])
  const refused = sts.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'run-1' }))
  expect((await refusalOf(refused)).message).toContain(`sts:AssumeRole on resource: ${roleArn}`)
})
