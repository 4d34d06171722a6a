import { type Received, type Reply, serve } from '@meridian/aws/testing'
import { testJob } from '@meridian/runner/testing'
import { beforeEach, expect, test, vi } from 'vitest'

const keys = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' }
const role = 'arn:aws:iam::111122223333:role/dns'
const behind = 20 * 60_000

/** What a process has learned of AWS's clock is of that process: each test begins anew. */
beforeEach(() => {
  vi.resetModules()
  for (const [name, value] of Object.entries(keys)) vi.stubEnv(name, value)
})

async function connect(url: string) {
  const { connectAws } = await import('../../src/index.ts')
  return connectAws(testJob({ env: { ...keys, AWS_ENDPOINT_URL: url } }), {})
}

const answer = (action: string, result: string): string =>
  `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`

const identity = answer(
  'GetCallerIdentity',
  '<Account>111122223333</Account><Arn>arn:aws:iam::1:user/a</Arn>',
)

const refuse = (code: string, message: string): Reply => ({
  status: code === 'SignatureDoesNotMatch' ? 403 : 400,
  body: `<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
})

const actionOf = ({ body }: Received) => new URLSearchParams(body).get('Action') ?? ''

/** AWS by a clock that is ahead of this machine's: it takes no signature that is older than five minutes. */
function byClock(request: Received): Reply {
  const now = Date.now() + behind
  const signed = String(request.headers['x-amz-date'])
  const at = Date.parse(signed.replace(/(....)(..)(..T..)(..)(..Z)/, '$1-$2-$3:$4:$5'))
  const date = new Date(now).toUTCString()
  if (now - at > 5 * 60_000) return { ...refuse('SignatureDoesNotMatch', 'Signature expired'), date }
  const session = `<Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${new Date(now + 3_600_000).toISOString()}</Expiration></Credentials>`
  return { body: actionOf(request) === 'AssumeRole' ? answer('AssumeRole', session) : identity, date }
}

test('every request that a clock which is behind has signed is signed again, however many are on their way', async () => {
  await using server = await serve(byClock)
  const [one, other] = await Promise.all([connect(server.url), connect(server.url)])
  expect(await Promise.all([one.account(), other.account()])).toEqual(['111122223333', '111122223333'])
})

test('a request whose credentials have yet to be made is signed when they are there', async () => {
  await using server = await serve(byClock)
  const aws = (await connect(server.url)).as(role)
  expect(await aws.account()).toBe('111122223333')
  expect(server.requests.map(actionOf)).toEqual(['AssumeRole', 'AssumeRole', 'GetCallerIdentity'])
})

test.each([
  ['IDPCommunicationError', 'The identity provider could not be reached'],
  ['InvalidIdentityToken', 'Couldn&#39;t retrieve verification key from your identity provider'],
  ['RequestThrottled', 'Slow down'],
  ['RequestTimeout', 'Timed out'],
])('what passes by itself is asked for again: %s', async (code, message) => {
  await using server = await serve((_, count) => (count === 1 ? refuse(code, message) : { body: identity }))
  expect(await (await connect(server.url)).account()).toBe('111122223333')
})

test('a message is told as AWS means it, not as XML writes it', async () => {
  await using server = await serve(() =>
    refuse('ValidationError', 'Value &#39;a&#39; &lt; &quot;b&quot; &amp; c'),
  )
  await expect((await connect(server.url)).account()).rejects.toThrow(`Value 'a' < "b" & c`)
})
