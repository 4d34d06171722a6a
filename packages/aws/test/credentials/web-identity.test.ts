import { readFile, stat } from 'node:fs/promises'
import { type Reply, serve } from '@meridian/aws/testing'
import { testJob } from '@meridian/runner/testing'
import { expect, onTestFinished, test, vi } from 'vitest'
import { connectAws } from '../../src/index.ts'

const role = 'arn:aws:iam::111122223333:role/deploy'

function assumed(key: string, lifetime: number): Reply {
  const expiration = new Date(Date.now() + lifetime).toISOString()
  return {
    body: `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>${key}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>session</SessionToken><Expiration>${expiration}</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`,
  }
}

/** GitHub's token service and STS behind one address. */
const serveIdentity = (lifetime: number) =>
  serve(({ path }, count) =>
    path.startsWith('/token')
      ? { body: `{"value":"token-${count}"}`, type: 'application/json' }
      : assumed(`KEY${count}`, lifetime),
  )

function jobAt(url: string, extra: Record<string, string | undefined> = {}) {
  const env = {
    AWS_ENDPOINT_URL: url,
    ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/token?api-version=2`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'bearer',
    ...extra,
  }
  const masked: string[] = []
  return Object.assign(testJob({ env, mask: secret => void masked.push(secret) }), { masked })
}

test("the role is assumed with the job's own token, for STS", async () => {
  await using server = await serveIdentity(3_600_000)
  const aws = await connectAws(jobAt(server.url), { roleToAssume: role, roleSessionDuration: 1_800_000 })
  expect(await aws.credentials()).toMatchObject({ accessKeyId: 'KEY2', sessionToken: 'session' })
  expect(server.requests[0]).toMatchObject({
    path: '/token?api-version=2&audience=sts.amazonaws.com',
    headers: { authorization: 'Bearer bearer' },
  })
  const form = new URLSearchParams(server.requests[1]?.body)
  expect(Object.fromEntries(form)).toMatchObject({
    RoleArn: role,
    WebIdentityToken: 'token-1',
    DurationSeconds: '1800',
  })
})

test('a session that lasts is not asked for again', async () => {
  await using server = await serveIdentity(3_600_000)
  const aws = await connectAws(jobAt(server.url), { roleToAssume: role })
  await aws.credentials()
  await aws.credentials()
  expect(server.requests).toHaveLength(2)
})

test('a session that has ended is renewed, with a new token', async () => {
  await using server = await serveIdentity(0)
  const aws = await connectAws(jobAt(server.url), { roleToAssume: role })
  const first = await aws.credentials()
  const second = await aws.credentials()
  expect(second.accessKeyId).not.toBe(first.accessKeyId)
  const tokens = server.requests
    .map(({ body }) => new URLSearchParams(body).get('WebIdentityToken'))
    .filter(Boolean)
  expect(new Set(tokens).size).toBe(tokens.length)
})

test('a session ends in time by a clock that is behind that of AWS', async () => {
  const ahead = 20 * 60_000
  await using server = await serveIdentity(3_600_000 + ahead)
  const aws = await connectAws(jobAt(server.url), { roleToAssume: role, roleSessionDuration: 3_600_000 })
  const { expiration } = await aws.credentials()
  expect(expiration?.getTime()).toBeLessThanOrEqual(Date.now() + 3_600_000)
})

test('callers at once share one session', async () => {
  await using server = await serveIdentity(3_600_000)
  const aws = await connectAws(jobAt(server.url), { roleToAssume: role })
  await Promise.all([aws.credentials(), aws.credentials(), aws.credentials()])
  expect(server.requests).toHaveLength(2)
})

test('its secrets are masked', async () => {
  await using server = await serveIdentity(3_600_000)
  const job = jobAt(server.url)
  await (await connectAws(job, { roleToAssume: role })).credentials()
  expect(job.masked).toEqual(['token-1', 'secret', 'session'])
})

test('a child gets a private token file, and no static keys that would win over it', async () => {
  await using server = await serveIdentity(3_600_000)
  const aws = await connectAws(jobAt(server.url), { roleToAssume: role })
  const { AWS_WEB_IDENTITY_TOKEN_FILE: file = '', ...rest } = await aws.childEnv()
  expect(await readFile(file, 'utf8')).toBe('token-1')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(rest).toMatchObject({
    AWS_ROLE_ARN: role,
    AWS_ACCESS_KEY_ID: undefined,
    AWS_SECRET_ACCESS_KEY: undefined,
  })
})

test('the token file is written anew for as long as a child may run', async () => {
  vi.useFakeTimers({ toFake: ['setInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  await using server = await serveIdentity(3_600_000)
  const aws = await connectAws(jobAt(server.url), { roleToAssume: role })
  const { AWS_WEB_IDENTITY_TOKEN_FILE: file = '' } = await aws.childEnv()
  for (const minutes of [4, 8, 40]) {
    const before = await readFile(file, 'utf8')
    vi.advanceTimersByTime(minutes * 60_000)
    await vi.waitFor(async () => expect(await readFile(file, 'utf8')).not.toBe(before))
    expect(await aws.childEnv()).toMatchObject({ AWS_WEB_IDENTITY_TOKEN_FILE: file })
  }
})

test('a job that may not ask for a token is told which permission it lacks', async () => {
  const job = jobAt('http://127.0.0.1:1', { ACTIONS_ID_TOKEN_REQUEST_URL: undefined })
  const aws = await connectAws(job, { roleToAssume: role })
  await expect(aws.credentials()).rejects.toMatchObject({
    fix: expect.stringContaining('permissions: id-token: write'),
  })
})

test.each([
  ['https://token.actions.githubusercontent.com', 'token.actions.githubusercontent.com'],
  ['https://git.acme.example/_services/token', 'git.acme.example/_services/token'],
])(
  'a role that does not trust jobs of %s is asked once, and told with what its policy must contain',
  async (iss, provider) => {
    const claims = Buffer.from(
      JSON.stringify({ iss, sub: 'repo:acme@1/shop@2:ref:refs/heads/main', aud: 'sts.amazonaws.com' }),
    ).toString('base64url')
    await using server = await serve(({ path }) =>
      path.startsWith('/token')
        ? { body: JSON.stringify({ value: `x.${claims}.y` }), type: 'application/json' }
        : {
            status: 403,
            body: '<ErrorResponse><Error><Code>AccessDenied</Code><Message>Not authorized to perform sts:AssumeRoleWithWebIdentity</Message></Error></ErrorResponse>',
          },
    )
    const aws = await connectAws(jobAt(server.url), { roleToAssume: role })
    for (let reads = 0; reads < 3; reads += 1)
      await expect(aws.credentials()).rejects.toMatchObject({
        message: `AWS does not let this job assume ${role}. Its token has the subject repo:acme@1/shop@2:ref:refs/heads/main and the audience sts.amazonaws.com`,
        fix: expect.stringContaining(`${provider}:sub repo:acme@1/shop@2:ref:refs/heads/main`),
      })
    expect(server.requests).toHaveLength(2)
  },
)

test('a provider that the account lacks is told as such', async () => {
  await using server = await serve(({ path }) =>
    path.startsWith('/token')
      ? { body: '{"value":"t"}', type: 'application/json' }
      : {
          status: 400,
          body: '<ErrorResponse><Error><Code>InvalidIdentityToken</Code><Message>No OpenIDConnect provider found in your account for https://token.actions.githubusercontent.com</Message></Error></ErrorResponse>',
        },
  )
  const aws = await connectAws(jobAt(server.url), { roleToAssume: role })
  await expect(aws.credentials()).rejects.toMatchObject({
    message: expect.stringContaining('No OpenIDConnect provider found'),
    fix: expect.stringContaining('IAM OIDC provider'),
  })
})

test('a token service that answers without a token is told as what it is', async () => {
  await using server = await serve(() => ({ body: '<html>', type: 'text/html' }))
  const aws = await connectAws(jobAt(server.url), { roleToAssume: role })
  await expect(aws.credentials()).rejects.toThrow(
    "GitHub gave this job no identity token: GitHub's token service answered 200 without a token",
  )
})
