import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetHostedZoneCountCommand } from '@aws-sdk/client-route-53'
import { serve } from '@meridian/aws/testing'
import { createNetwork, type ForwardProxy, openForwardProxy, type ProxyOptions } from '@meridian/lab-world'
import type { UserError } from '@meridian/runner'
import { testJob } from '@meridian/runner/testing'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { requestGithubToken } from '../src/credentials/github-token.ts'
import { type Aws, connectAws, sendSigned } from '../src/index.ts'
import { route53 } from '../src/requests/clients.ts'

const credentials = 'me:s3cret-of-mine'
const arn = 'arn:aws:iam::111122223333:role/deploy'

beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret')
})
afterEach(() => void vi.unstubAllEnvs())

/** A proxy that alone knows the hosts `aws.test` and `github.test`; nothing answers at 443. */
async function open(options: ProxyOptions = {}): Promise<ForwardProxy & { server: string }> {
  const server = await serve(({ path, body }) => answer(path, body))
  const network = createNetwork()
  for (const host of ['aws.test', 'github.test']) network.publish(host, 80, Number(new URL(server.url).port))
  const proxy = await openForwardProxy(network, options)
  onTestFinished(async () => {
    await proxy.close()
    await server[Symbol.asyncDispose]()
  })
  return { ...proxy, server: server.url }
}

function answer(path: string, body: string) {
  if (path.startsWith('/token')) return { body: '{"value":"a-token"}', type: 'application/json' }
  const keys =
    '<Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>'
  if (!body.includes('AssumeRoleWithWebIdentity'))
    return {
      body: '<GetHostedZoneCountResponse><HostedZoneCount>1</HostedZoneCount></GetHostedZoneCountResponse>',
    }
  return {
    body: `<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult>${keys}</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`,
  }
}

/** A job whose AWS and GitHub are `aws.test` and `github.test`, or both what `server` answers. */
function jobBehind(proxy: string, scheme: string, server?: string) {
  const [aws, github] = server ? [server, server] : [`${scheme}://aws.test`, `${scheme}://github.test`]
  vi.stubEnv('AWS_ENDPOINT_URL', aws)
  // Where a request would be sent again, it is enough to see that once.
  vi.stubEnv('AWS_MAX_ATTEMPTS', '2')
  return testJob({
    env: {
      HTTPS_PROXY: proxy,
      HTTP_PROXY: proxy,
      AWS_ENDPOINT_URL: aws,
      AWS_MAX_ATTEMPTS: '2',
      ACTIONS_ID_TOKEN_REQUEST_URL: `${github}/token?v=2`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'bearer',
    },
  })
}

type Way = readonly [
  name: string,
  host: string,
  send: (job: ReturnType<typeof jobBehind>) => Promise<unknown>,
]

const region = 'us-east-1'
const ec2 = { name: 'ec2', variable: 'EC2', host: () => 'ec2.test' }
const describeZones = (aws: Aws) =>
  sendSigned(aws, ec2, { region, operation: 'DescribeAvailabilityZones', headers: {}, body: 'Action=x' })

const countZones = (aws: Aws) => route53(aws).send(new GetHostedZoneCountCommand({}))

const ways: readonly Way[] = [
  ['a client of the SDK', 'aws.test', async job => countZones(await connectAws(job, {}))],
  ['a request that is signed by hand', 'aws.test', async job => describeZones(await connectAws(job, {}))],
  ['the request of an identity token', 'github.test', requestGithubToken],
  [
    'a session of a role',
    'aws.test',
    async job => (await connectAws(job, { roleToAssume: arn })).credentials(),
  ],
]

describe.each(ways)('%s', (_, host, send) => {
  test('goes through the proxy that wants credentials', async () => {
    const proxy = await open({ credentials })
    await send(jobBehind(proxy.url.replace('//', `//${credentials}@`), 'http'))
    expect(proxy.uses()).toContainEqual({
      method: expect.stringMatching(/GET|POST/),
      target: `http://${host}`,
      refused: 0,
    })
  })

  test('goes straight to loopback', async () => {
    const proxy = await open()
    await send(jobBehind('http://127.0.0.1:1', 'http', proxy.server))
    expect(proxy.uses()).toEqual([])
  })
})

// A session needs an identity token first, and meets the proxy there.
describe.each(ways.slice(0, 3))('%s that the proxy', (_, host, send) => {
  const failure = async (job: ReturnType<typeof jobBehind>) => {
    const error = await send(job).catch((error: UserError) => error)
    return error as UserError
  }

  test.each(['https', 'http'])(
    'asks for credentials (%s) is not sent again, and says where they belong',
    async scheme => {
      const proxy = await open({ credentials })
      const { message, fix } = await failure(jobBehind(proxy.url.replace('//', '//me:wr0ng@'), scheme))
      const variable = `${scheme.toUpperCase()}_PROXY`
      expect(message).toContain(
        `the proxy ${proxy.url} (${variable}) lets nobody through to ${host} without the right user and password (407)`,
      )
      expect(fix).toContain(`Write them into ${variable}`)
      expect(`${message} ${fix}`).not.toContain('wr0ng')
      expect(proxy.uses()).toHaveLength(1)
    },
  )

  test('refuses is not sent again, and says who has to allow it', async () => {
    const proxy = await open({ refuses: () => true })
    const { message, fix } = await failure(jobBehind(proxy.url, 'https'))
    expect(message).toContain(`(HTTPS_PROXY) does not let this runner through to ${host} (403)`)
    expect(fix).toContain(`or add ${host} to NO_PROXY`)
    expect(proxy.uses()).toHaveLength(1)
  })
})

describe.each(ways.slice(0, 2))('%s', (_, __, send) => {
  test('is sent again where the proxy does not reach the host', async () => {
    const proxy = await open()
    await expect(send(jobBehind(proxy.url, 'https'))).rejects.toThrow('could not connect to aws.test (503)')
    expect(proxy.uses()).toHaveLength(2)
  })

  test('names a proxy that is not there, without its password', async () => {
    const job = jobBehind(`http://${credentials}@127.0.0.1:1`, 'https')
    await expect(send(job)).rejects.toThrow(
      'the proxy http://127.0.0.1:1 (HTTPS_PROXY) could not be reached, or gave no way to aws.test: connect ECONNREFUSED 127.0.0.1:1',
    )
  })
})

test("credentials of AWS's default chain are fetched through it too", async () => {
  const directory = await mkdtemp(join(tmpdir(), 'meridian-proxy-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const file = join(directory, 'token')
  await writeFile(file, 'a-token')
  const proxy = await open()
  const job = jobBehind(proxy.url, 'http')
  for (const [name, value] of Object.entries({
    AWS_ACCESS_KEY_ID: undefined,
    AWS_SECRET_ACCESS_KEY: undefined,
    AWS_ROLE_ARN: arn,
    AWS_WEB_IDENTITY_TOKEN_FILE: file,
  }))
    vi.stubEnv(name, value)
  const aws = await connectAws(job, {})
  expect(await aws.credentials()).toMatchObject({ accessKeyId: 'ASIA1' })
  expect(proxy.uses()).toEqual([{ method: 'POST', target: 'http://aws.test', refused: 0 }])
})
