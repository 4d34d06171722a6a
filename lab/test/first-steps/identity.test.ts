import { documentedTrust } from '@meridian/lab-aws'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { shortcomings } from './step.ts'
import { keyless, messageOfRun, type WorldStep, whileRefused } from './try-step.ts'

/** Wrong first steps on the way into the account: keys, roles, tokens, permissions, the way out of a network. */

let universe: Universe
const role = 'arn:aws:iam::111122223333:role/meridian'
const asRole = { 'role-to-assume': role }

beforeAll(async () => {
  universe = await startUniverse({ scale: 10_000 })
  const repository = { Owner: 'acme', OwnerId: '1001', Repository: 'shop', RepositoryId: '7007' }
  const trust = documentedTrust('branch', { Account: '111122223333', ...repository, Branch: 'main' })
  universe.aws.setTrust('meridian', trust)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await universe.close()
})

test.each<WorldStep>([
  {
    done: 'a job without id-token: write',
    action: 'create-cluster',
    inputs: asRole,
    env: keyless,
    what: 'this job may not ask GitHub for an identity token',
    where: 'role-to-assume is given',
    allowed: 'Pull requests from forks never get it',
    fix: 'Add `permissions: id-token: write` to the job',
  },
  {
    done: 'neither keys nor a role',
    action: 'federate',
    inputs: {},
    env: keyless,
    what: 'no AWS credentials were found',
    where: 'GetCallerIdentity',
    allowed: 'the job then needs `permissions: id-token: write`',
    fix: 'Give role-to-assume',
  },
  {
    done: 'the credentials of another account',
    action: 'create-cluster',
    inputs: { 'expected-account-id': '444455556666' },
    what: 'belong to account 111122223333',
    where: 'expected-account-id',
    allowed: 'is 444455556666',
    fix: 'Use the credentials or the role of the expected account',
  },
  {
    done: 'a policy that was not attached',
    action: 'latency-dns',
    inputs: {},
    faults: [{ failure: 'denied', nth: 1, service: 'route53', operation: 'ListHostedZonesByName' }],
    what: 'route53:ListHostedZonesByName',
    where: 'AWS refused route53 ListHostedZonesByName',
    allowed: 'the permission route53:ListHostedZonesByName is missing',
    fix: 'Allow route53:ListHostedZonesByName in the policy of the role or user',
  },
])('$done', async step => {
  const said = await messageOfRun(universe, step)
  expect(shortcomings(said, step), said).toEqual([])
})

test.each([
  ['another branch than the role trusts', 'repo:acme/shop:ref:refs/heads/feature'],
  ['an environment, where the role trusts a branch', 'repo:acme/shop:environment:production'],
  ['a repository that the role does not trust', 'repo:acme/other:ref:refs/heads/main'],
])('%s', async (done, sub) => {
  universe.aws.setSubject(sub)
  const step: WorldStep = {
    done,
    action: 'teardown',
    inputs: asRole,
    env: { ...keyless, ...universe.idToken },
    what: `does not let this job assume ${role}`,
    where: `Its token has the subject ${sub}`,
    allowed: 'the audience sts.amazonaws.com',
    fix: `trust policy has to allow sts:AssumeRoleWithWebIdentity to the OIDC provider of token.actions.githubusercontent.com in this account, with token.actions.githubusercontent.com:aud sts.amazonaws.com and token.actions.githubusercontent.com:sub ${sub}`,
  }
  const said = await messageOfRun(universe, step)
  expect(shortcomings(said, step), said).toEqual([])
})

test('a session that has ended', async () => {
  const session = universe.aws.issueSession()
  universe.aws.expireSessions()
  const step: WorldStep = {
    done: 'a session that has ended',
    action: 'teardown',
    inputs: {},
    env: {
      AWS_ACCESS_KEY_ID: session.accessKeyId,
      AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
      AWS_SESSION_TOKEN: session.sessionToken,
    },
    what: 'the AWS credentials expired',
    where: 'sts GetCallerIdentity',
    allowed: 'raise the session duration of the step that made the credentials',
    fix: 'Give role-to-assume',
  }
  const said = await messageOfRun(universe, step)
  vi.stubEnv('AWS_SESSION_TOKEN', undefined)
  expect(shortcomings(said, step), said).toEqual([])
})

const compare = 'Compare the key id and the secret key with what IAM shows'
test.each([
  [
    'a key that was deleted',
    'create-cluster',
    'AWS was not able to validate the provided access credentials',
    'ec2 DescribeAvailabilityZones',
    { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE' },
  ],
  [
    'a key that was mistyped',
    'federate',
    'The security token included in the request is invalid.',
    'sts GetCallerIdentity',
    { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLO' },
  ],
  [
    'another secret key',
    'latency-dns',
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
    'sts GetCallerIdentity',
    { AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
  ],
] as const)('%s', async (done, action, allowed, where, env) => {
  const step = { done, action, inputs: {}, what: 'the credentials', where, allowed, fix: compare, env }
  const said = await messageOfRun(universe, step)
  expect(shortcomings(said, step), said).toEqual([])
})

test('a clock that is wrong, told as a wrong signature', async () => {
  const message = 'Signature not yet current: 20260102T102000Z is still later than 20260102T101500Z'
  const step = {
    done: 'a clock that is wrong',
    action: 'federate',
    inputs: {},
    what: 'the clock of this machine is wrong',
    where: 'sts GetCallerIdentity',
    allowed: 'off by a few minutes at most',
    fix: "Set the runner's clock",
  } as const
  const refusal = { code: 'SignatureDoesNotMatch', message }
  const said = await whileRefused(refusal, env => messageOfRun(universe, { ...step, env }))
  expect(shortcomings(said, step), said).toEqual([])
})

test("an account without GitHub's provider", async () => {
  const message =
    'No OpenIDConnect provider found in your account for https://token.actions.githubusercontent.com'
  const step = {
    done: 'no provider',
    action: 'deploy-federated-app',
    inputs: asRole,
    what: message,
    where: role,
    allowed: 'the audience sts.amazonaws.com',
    fix: 'needs an IAM OIDC provider with the URL https://token.actions.githubusercontent.com',
  } as const
  const refusal = { code: 'InvalidIdentityToken', message, status: 400 }
  const said = await whileRefused(refusal, env =>
    messageOfRun(universe, { ...step, env: { ...env, ...keyless } }),
  )
  expect(shortcomings(said, step), said).toEqual([])
})

test('a proxy that refuses', async () => {
  const step: WorldStep = {
    done: 'a proxy that refuses',
    action: 'latency-dns',
    inputs: {},
    // No proxy is asked for loopback: the endpoint has another name.
    env: {
      AWS_ENDPOINT_URL: 'http://aws.example.com',
      AWS_MAX_ATTEMPTS: '1',
      HTTP_PROXY: 'http://127.0.0.1:9',
      HTTPS_PROXY: 'http://127.0.0.1:9',
    },
    what: 'the proxy http://127.0.0.1:9',
    where: '(HTTP_PROXY)',
    allowed: 'ECONNREFUSED 127.0.0.1:9',
    fix: 'correct HTTP_PROXY, or add aws.example.com to NO_PROXY',
  }
  const said = await messageOfRun(universe, step)
  expect(shortcomings(said, step), said).toEqual([])
})
