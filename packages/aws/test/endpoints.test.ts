import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testJob } from '@meridian/runner/testing'
import { expect, onTestFinished, test } from 'vitest'
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

async function configFile(text: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'aws-config-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  await writeFile(join(directory, 'config'), text)
  return join(directory, 'config')
}

const config = `
[default]
endpoint_url = http://127.0.0.1:3
[profile own]
services = mine
endpoint_url = http://127.0.0.1:4
[profile closed]
use_fips_endpoint = true
[profile aws]
endpoint_url = http://127.0.0.1:5
ignore_configured_endpoint_urls = true
[services mine]
auto_scaling =
  endpoint_url = http://127.0.0.1:6
`

test.each<[string, Record<string, string>, Record<string, string | undefined>]>([
  ['its default profile', {}, { STS: 'http://127.0.0.1:3' }],
  [
    'the profile that is named, and its services',
    { AWS_PROFILE: 'own' },
    { STS: 'http://127.0.0.1:4', AUTO_SCALING: 'http://127.0.0.1:6' },
  ],
  ['variables before it', { AWS_PROFILE: 'own', AWS_ENDPOINT_URL: all }, { STS: all, AUTO_SCALING: all }],
  ['a profile that says to ignore them', { AWS_PROFILE: 'aws' }, { STS: undefined }],
])(
  'endpoints of the config file hold for every request, as for those of the SDK: %s',
  async (_, env, asked) => {
    const aws = await connect({ AWS_CONFIG_FILE: await configFile(config), ...env })
    expect(Object.fromEntries(Object.keys(asked).map(name => [name, aws.endpoint(name)]))).toEqual(asked)
  },
)

test('FIPS endpoints are refused in the config file, too', async () => {
  const env = { AWS_CONFIG_FILE: await configFile(config), AWS_PROFILE: 'closed' }
  await expect(connect(env)).rejects.toThrow("use_fips_endpoint of AWS's config file is set")
})
