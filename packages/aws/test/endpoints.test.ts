import { testJob } from '@meridian/runner/testing'
import { expect, test } from 'vitest'
import { connectAws } from '../src/index.ts'

const connect = (env: Record<string, string>) => connectAws(testJob({ env }), {})
const [all, own] = ['http://127.0.0.1:1', 'http://127.0.0.1:2']

test.each<[string, Record<string, string>, string | undefined]>([
  ['none', {}, undefined],
  ['that of all services', { AWS_ENDPOINT_URL: all }, all],
  ['its own before that of all', { AWS_ENDPOINT_URL: all, AWS_ENDPOINT_URL_EC2: own }, own],
  [
    'none where configured ones are to be ignored',
    { AWS_ENDPOINT_URL: all, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
    undefined,
  ],
])('a service is asked at the endpoint that the environment configures: %s', async (_, env, endpoint) => {
  expect((await connect(env)).endpoint('EC2')).toBe(endpoint)
})

test('FIPS endpoints are refused, since not every service that is asked has one', async () => {
  await expect(connect({ AWS_USE_FIPS_ENDPOINT: 'true' })).rejects.toThrow('AWS_USE_FIPS_ENDPOINT is set')
  await expect(connect({ AWS_USE_FIPS_ENDPOINT: 'false' })).resolves.toHaveProperty('account')
})
