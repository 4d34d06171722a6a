import { type Reply, serve } from '@meridian/aws/testing'
import { testJob } from '@meridian/runner/testing'
import { afterEach, expect, test, vi } from 'vitest'
import { principalOf } from '../../src/credentials/assume-role.ts'
import { connectAws } from '../../src/index.ts'

const role = 'arn:aws:iam::444455556666:role/eks/deploy'
const xmlns = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"'

function assumed(key: string, lifetime: number): Reply {
  const expiration = new Date(Date.now() + lifetime).toISOString()
  return {
    body: `<AssumeRoleResponse ${xmlns}><AssumeRoleResult><Credentials><AccessKeyId>${key}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>session</SessionToken><Expiration>${expiration}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
  }
}

function connect(url: string) {
  const keys = { AWS_ACCESS_KEY_ID: 'BASE', AWS_SECRET_ACCESS_KEY: 'base', AWS_SESSION_TOKEN: '' }
  for (const [name, value] of Object.entries(keys)) vi.stubEnv(name, value)
  return connectAws(testJob({ env: { GITHUB_RUN_ID: '7', AWS_ENDPOINT_URL: url } }), {})
}

afterEach(() => void vi.unstubAllEnvs())

test("a cluster's role is assumed with the run's credentials, once", async () => {
  await using server = await serve((_, count) => assumed(`KEY${count}`, 3_600_000))
  const aws = await connect(server.url)
  expect(await aws.as(role).credentials()).toMatchObject({ accessKeyId: 'KEY1', sessionToken: 'session' })
  expect(await aws.as(role).credentials()).toMatchObject({ accessKeyId: 'KEY1' })
  expect(server.requests).toHaveLength(1)
  expect(Object.fromEntries(new URLSearchParams(server.requests[0]?.body))).toMatchObject({
    Action: 'AssumeRole',
    RoleArn: role,
    RoleSessionName: 'meridian-test-7',
  })
  expect(server.requests[0]?.headers.authorization).toContain('Credential=BASE/')
  expect(await aws.as(role).principal()).toBe(role)
})

test('its session is renewed before it ends', async () => {
  await using server = await serve((_, count) => assumed(`KEY${count}`, 0))
  const aws = (await connect(server.url)).as(role)
  const first = await aws.credentials()
  expect((await aws.credentials()).accessKeyId).not.toBe(first.accessKeyId)
})

test('without a role the way is the same', async () => {
  const aws = await connect('http://127.0.0.1:1')
  expect(aws.as(undefined)).toBe(aws)
})

test('a role that does not trust the run is told, with both policies that are needed', async () => {
  await using server = await serve(() => ({
    status: 403,
    body: `<ErrorResponse ${xmlns}><Error><Code>AccessDenied</Code><Message>User: arn:aws:iam::111122223333:user/x is not authorized to perform: sts:AssumeRole on resource: ${role}</Message></Error></ErrorResponse>`,
  }))
  await expect((await connect(server.url)).as(role).credentials()).rejects.toMatchObject({
    message: expect.stringContaining(`does not let this run assume ${role}`),
    fix: expect.stringContaining('trust policy'),
  })
})

test.each([
  ['arn:aws:sts::111122223333:assumed-role/deploy/session', 'arn:aws:iam::111122223333:role/deploy'],
  ['arn:aws-cn:sts::111122223333:assumed-role/deploy/a@b', 'arn:aws-cn:iam::111122223333:role/deploy'],
  ['arn:aws:iam::111122223333:user/ci/bot', 'arn:aws:iam::111122223333:user/ci/bot'],
])('access of %s is granted to %s', (caller, principal) => {
  expect(principalOf(caller)).toBe(principal)
})
