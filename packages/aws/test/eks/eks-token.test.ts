import { AwsV4Signer } from 'aws4fetch'
import { expect, test } from 'vitest'
import { eksToken } from '../../src/index.ts'

const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret', sessionToken: 'ses/si+on==' }
const place = { region: 'eu-west-1', eksName: 'prod' }
const at = new Date('2026-11-29T12:00:00Z')
const stamp = '20261129T120000Z'

const decode = (token: string) =>
  new URL(Buffer.from(token.replace('k8s-aws-v1.', ''), 'base64url').toString())

test('a token is a signed request for GetCallerIdentity, of exactly the parameters that the verifier takes', async () => {
  const token = await eksToken(credentials, place, at)
  expect(token).toMatch(/^k8s-aws-v1\.[\w-]+$/)
  const { origin, pathname, searchParams } = decode(token)
  expect(origin + pathname).toBe('https://sts.eu-west-1.amazonaws.com/')
  const { 'X-Amz-Signature': signature, ...rest } = Object.fromEntries(searchParams)
  expect(signature).toMatch(/^[0-9a-f]{64}$/)
  expect(rest).toEqual({
    Action: 'GetCallerIdentity',
    Version: '2011-06-15',
    'X-Amz-Expires': '60',
    'X-Amz-Date': stamp,
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': 'AKIAEXAMPLE/20261129/eu-west-1/sts/aws4_request',
    'X-Amz-Security-Token': 'ses/si+on==',
    'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
  })
})

test("its signature is that of another library's signer, over the cluster's name", async () => {
  const signer = new AwsV4Signer({
    url: 'https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Expires=60',
    headers: { 'x-k8s-aws-id': 'prod' },
    ...credentials,
    service: 'sts',
    region: 'eu-west-1',
    datetime: stamp,
    signQuery: true,
  })
  const { url } = await signer.sign()
  const { searchParams } = decode(await eksToken(credentials, place, at))
  expect(searchParams.get('X-Amz-Signature')).toBe(url.searchParams.get('X-Amz-Signature'))
})

test('credentials without a session have none in the token', async () => {
  const { sessionToken: _, ...keys } = credentials
  const token = await eksToken(keys, place, at)
  expect([...decode(token).searchParams.keys()]).not.toContain('X-Amz-Security-Token')
})

test.each([
  ['us-east-1', 'sts.us-east-1.amazonaws.com'],
  ['us-gov-west-1', 'sts.us-gov-west-1.amazonaws.com'],
  ['cn-north-1', 'sts.cn-north-1.amazonaws.com.cn'],
  ['eusc-de-east-1', 'sts.eusc-de-east-1.amazonaws.eu'],
])("of %s it names the partition's host", async (region, host) => {
  expect(decode(await eksToken(credentials, { region, eksName: 'prod' }, at)).host).toBe(host)
})

test('what is longer than the verifier reads is refused with what makes it so', async () => {
  const sessionToken = 'x'.repeat(2700)
  await expect(eksToken({ ...credentials, sessionToken }, place, at)).rejects.toMatchObject({
    message: expect.stringMatching(/too long for EKS: 4\d{3} of 4096 bytes/),
    fix: expect.stringContaining('session tags'),
  })
  expect((await eksToken({ ...credentials, sessionToken: 'x'.repeat(2600) }, place, at)).length).toBeLessThan(
    4097,
  )
})
