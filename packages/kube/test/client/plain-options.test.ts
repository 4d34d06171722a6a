import type { Agent, RequestOptions } from 'node:https'
import { expect, test } from 'vitest'
import { plainOptions } from '../../src/client/plain-options.ts'
import { loadClientConfig } from '../../src/kubeconfig/client-config.ts'
import { buildKubeconfig, type ClusterEntry, type UserEntry } from '../../src/kubeconfig/kubeconfig.ts'

const parts = { context: 'usa', server: 'https://usa.example.com', ca: 'the authority' }
const certificate = { cert: 'the certificate', key: 'the key' }

/** What matters of how a request is made. */
function describeOptions({ headers = {}, agent }: RequestOptions) {
  const { ca, cert, key, servername, rejectUnauthorized } = (agent as Agent).options
  const pem = [ca, cert, key].map(each => each?.toString())
  return { headers, pem, servername, rejectUnauthorized }
}

const config = (change: { cluster?: Partial<ClusterEntry>; user?: Partial<UserEntry> } = {}) => {
  const built = buildKubeconfig({ ...parts, ...certificate })
  Object.assign(built.clusters[0]?.cluster ?? {}, change.cluster)
  Object.assign(built.users[0]?.user ?? {}, change.user)
  return built
}

test.each([
  ['a client certificate', config()],
  ['a token', buildKubeconfig({ ...parts, token: 'secret' })],
  ['a token beside a certificate', config({ user: { token: 'secret' } })],
  ["a server's other name", config({ cluster: { 'tls-server-name': 'kubernetes' } })],
  ['no verification', config({ cluster: { 'insecure-skip-tls-verify': true } })],
  ['an authority that everybody knows', config({ cluster: { 'certificate-authority-data': '' } })],
])('requests are made as by the client library: %s', async (_, kubeconfig) => {
  const theirs: RequestOptions = {}
  await (await loadClientConfig(kubeconfig, undefined)).applyToHTTPSOptions(theirs)

  expect(describeOptions(plainOptions(kubeconfig, undefined) ?? {})).toEqual(describeOptions(theirs))
})

test.each([
  ['a command', config({ user: { exec: { command: 'aws' } } })],
  ['a file', config({ user: { 'client-key': '/home/me/key.pem' } })],
  ['a password', config({ user: { username: 'me', password: 'secret' } })],
  ['no encryption', config({ cluster: { server: 'http://usa.example.com' } })],
])('a kubeconfig with more is left to the library: %s', (_, kubeconfig) => {
  expect(plainOptions(kubeconfig, undefined)).toBeUndefined()
})

test('so is a proxy that speaks another protocol', () => {
  const url = 'socks5://proxy.example.com'
  expect(plainOptions(config(), { url, shown: url, named: 'proxy-url' })).toBeUndefined()
})
