import { describe, expect, test } from 'vitest'
import { readInputs } from '../src/inputs.ts'

const given = {
  clusters: '[{"name":"usa","region":"us-east-1"},{"name":"eur","region":"eu-west-1"}]',
  name: 'fed',
  domain: 'k8s.example.com',
  'control-plane': 'init',
  'karmada-version': 'v1.18.2',
  upgrade: 'false',
  'kops-version': '1.36.2',
  'etcd-storage': 'pvc',
  prune: 'false',
  adopt: 'false',
  'admin-lifetime': '4h',
  'dry-run': 'false',
  timeout: '40m',
}

function read(change: Record<string, string> = {}) {
  const entries = Object.entries({ ...given, ...change })
  return readInputs(
    Object.fromEntries(entries.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
  )
}

const kubeconfig = (user: object, current = 'admin') =>
  JSON.stringify({
    clusters: [{ name: 'karmada', cluster: { server: 'https://karmada.example.com' } }],
    users: [{ name: 'admin', user }],
    contexts: [{ name: 'admin', context: { cluster: 'karmada', user: 'admin' } }],
    'current-context': current,
  })
const existing = { 'control-plane': 'existing', 'karmada-kubeconfig': kubeconfig({ token: 'hush-hush' }) }

describe('inputs', () => {
  test('are read into one object', () => {
    expect(read({ 'api-allowed-cidrs': '203.0.113.0/24, 2001:db8::/32' })).toMatchObject({
      clusters: [{ name: 'usa' }, { name: 'eur' }],
      karmadaVersion: '1.18.2',
      apiAllowedCidrs: ['203.0.113.0/24', '2001:db8::/32'],
      adminLifetime: 14_400_000,
    })
  })

  test.each([
    ['a host that is no member', { host: 'jpn' }, "host: 'jpn' must be one of clusters: usa, eur"],
    ['a federation named like a cluster', { name: 'usa' }, "name: 'usa' is the name of a cluster"],
    ['a range without bits', { 'api-allowed-cidrs': '203.0.113.0' }, 'must be a network'],
    ['too many bits', { 'api-allowed-cidrs': '203.0.113.0/33' }, 'must be a network'],
    ['a flag for a path', { 'kops-path': '--evil' }, "must be a path that does not start with '-'"],
    ['a version that is none', { 'karmada-version': 'latest' }, 'must be a full version'],
    [
      'two clusters of one name',
      { clusters: '[{name: usa, region: us-east-1},{name: usa, region: eu-west-1}]' },
      "two clusters are named 'usa'",
    ],
    ['an unknown storage', { 'etcd-storage': 'host-path' }, 'must be one of pvc, empty-dir'],
  ])('are refused with %s', (_, change, message) => {
    expect(() => read(change)).toThrow(message)
  })

  test('take the kubeconfig of a control plane that others run', () => {
    expect(read(existing)).toMatchObject({
      controlPlane: 'existing',
      karmadaKubeconfig: { 'current-context': 'admin' },
    })
  })

  test.each([
    ['without a kubeconfig', { 'karmada-kubeconfig': '' }, 'is required with control-plane'],
    ['without a current context', { 'karmada-kubeconfig': kubeconfig({}, 'x') }, 'has no current context'],
    [
      'with a program',
      { 'karmada-kubeconfig': kubeconfig({ exec: {}, token: 'hush-hush' }) },
      'runs a program',
    ],
    [
      'with a file of the runner',
      { 'karmada-kubeconfig': kubeconfig({ 'client-key': '/etc/shadow', token: 'hush-hush' }) },
      'refers to a file',
    ],
    ['with a host', { host: 'usa' }, "host: has no meaning with control-plane 'existing'"],
    ['with an upgrade', { upgrade: 'true' }, "upgrade: has no meaning with control-plane 'existing'"],
    ['of our own', { 'control-plane': 'init' }, "is used with control-plane 'existing' only"],
  ])('refuse an existing control plane %s, and show no secret', (_, change, message) => {
    const given = { ...existing, ...change }
    expect(() => read(given)).toThrow(message)
    expect(() => read(given)).not.toThrow('hush')
  })

  test('are refused all at once', () => {
    expect(() => read({ name: '--evil', prune: 'maybe', clusters: '' })).toThrow(
      /3 inputs[\s\S]*clusters[\s\S]*name[\s\S]*prune/,
    )
  })
})
