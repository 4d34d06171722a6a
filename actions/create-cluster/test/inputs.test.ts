import { describe, expect, test } from 'vitest'
import { readInputs } from '../src/inputs.ts'
import { askedOf } from '../src/plan/cluster-spec.ts'

const given: Record<string, string> = {
  name: 'usa',
  domain: 'k8s.example.com',
  zones: 'us-east-1a',
  provider: 'kops',
  'kubeconfig-trusted': 'false',
  adopt: 'false',
  'apply-pending': 'false',
  upgrade: 'false',
  wait: 'true',
  'validate-count': '2',
  'admin-lifetime': '4h',
  'kops-version': '1.36.2',
  'dry-run': 'false',
  timeout: '30m',
}

const read = (extra: Record<string, string> = {}) =>
  readInputs(
    Object.fromEntries(
      Object.entries({ ...given, ...extra }).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
    ),
  )

test('names follow from alias, environment and domain', () => {
  const { cluster } = read({ environment: 'pr-42', zones: 'us-east-1a, us-east-1b' })
  expect(cluster).toEqual({
    name: 'usa',
    region: 'us-east-1',
    zones: ['us-east-1a', 'us-east-1b'],
    provider: 'kops',
    fullName: 'usa.pr-42.k8s.example.com',
    stateStore: 's3://usa.pr-42.k8s.example.com-state',
  })
})

test('the state store may be named, and be one of many clusters', () => {
  expect(read({ 'state-store': 's3://our-states/kops/blue/' }).cluster.stateStore).toBe(
    's3://our-states/kops/blue',
  )
  expect(read({ 'state-bucket': 'my-states' }).cluster.stateStore).toBe('s3://my-states')
})

test('a cluster that is there may have a name of its own, and needs no zones', () => {
  const { cluster } = read({ 'full-name': 'prod.example.org', zones: '', region: 'eu-west-1' })
  expect(cluster).toMatchObject({
    name: 'usa',
    fullName: 'prod.example.org',
    region: 'eu-west-1',
    zones: [],
    stateStore: 's3://prod.example.org-state',
  })
})

test('what was not given has no value that would be compared', () => {
  const asked = Object.entries(askedOf(read())).filter(([, value]) => value !== undefined)
  expect(asked).toEqual([['zones', ['us-east-1a']]])
})

test('tags are read from lines', () =>
  expect(read({ tags: 'team=a b\ncost/center=x:y@z' }).tags).toEqual([
    ['team', 'a b'],
    ['cost/center', 'x:y@z'],
  ]))

test('fields for kops are a list', () => expect(read({ set: '["spec.a=1"]' }).set).toEqual(['spec.a=1']))

describe('refused, with the input named', () => {
  test.each([
    ['name', '--evil'],
    ['name', 'a-name-of-16-char'],
    ['domain', 'localhost'],
    ['environment', 'Pr'],
    ['zones', 'us-east-1'],
    ['zones', 'us-east-1z'],
    ['zones', 'mars-north-1a'],
    ['zones', 'us-east-1a,eu-west-1a'],
    ['zones', 'us-east-1a,us-east-1a'],
    ['region', 'eu-west-1'],
    ['kubernetes-version', '1.35'],
    ['kubernetes-version', '1.20.1'],
    ['kubernetes-version', '1.37.0'],
    ['control-plane-count', '2'],
    ['control-plane-size', '--size'],
    ['node-count', '0'],
    ['node-size', 'medium'],
    ['node-size', 't3.medium,t3.medium'],
    ['spot', 'yes'],
    ['networking', 'weave'],
    ['topology', 'both'],
    ['dns', 'public'],
    ['provider', 'gke'],
    ['kubeconfig-trusted', 'yes'],
    ['kops-url', 'ftp://x'],
    ['kops-sha256', 'abc'],
    ['ssh-public-key', '-----BEGIN PRIVATE KEY-----'],
    ['api-access', '0.0.0.0'],
    ['api-access', '300.0.0.0/8'],
    ['tags', 'no-value'],
    ['tags', 'meridian:owner=me'],
    ['tags', 'a="b"'],
    ['tags', 'meridian:anything=x'],
    ['tags', 'a=x=y'],
    ['tags', 'a='],
    ['tags', 'a b=c'],
    ['tags', 'größe=1'],
    ['tags', 'a=x+y'],
    ['repository', 'shop'],
    ['full-name', 'localhost'],
    ['state-store', 'my-states'],
    ['state-store', 's3://my-states/../other'],
    ['state-store-account', '42'],
    ['adopt', 'yes'],
    ['apply-pending', 'yes'],
    ['image', '--image'],
    ['state-kms-key', 'alias/state'],
    ['state-kms-key', 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'],
    ['channel', 'http://insecure'],
    ['set', '["metadata.name=x"]'],
    ['set', 'spec.a=1'],
    ['state-bucket', 'Upper'],
    ['state-bucket', 'a..b'],
    ['ttl', '5m'],
    ['wait', 'yes'],
    ['validate-count', '0'],
    ['kops-version', 'latest'],
    ['kops-path', '--kops'],
  ])('%s: %s', (input, value) => expect(() => read({ [input]: value })).toThrow(`input ${input}: `))
})

test('all problems are told at once', () => {
  expect(() => read({ name: '--evil', zones: 'us-east-1z', timeout: 'soon' })).toThrow(
    /3 inputs are not valid:\n- name: .*\n- zones: .*\n- timeout: /,
  )
})

test('a bucket name that would be too long is told, with the way out', () => {
  expect(() => read({ domain: `${'a'.repeat(50)}.example.com` })).toThrow(
    /state-store: would be .* at most 63: name a shorter one/,
  )
})

describe('what kops would refuse too late is refused', () => {
  test.each<[string, Record<string, string>]>([
    [
      "networking: 'kubenet' does not go with topology: private",
      { networking: 'kubenet', topology: 'private' },
    ],
    ['image: must be given with channel: none', { channel: 'none' }],
    ['zones: is required to create a cluster', { zones: '' }],
    [
      'state-bucket: must not be given beside state-store',
      { 'state-store': 's3://abc', 'state-bucket': 'def' },
    ],
  ])('%s', (message, inputs) => expect(() => read(inputs)).toThrow(message))
})

describe('an existing cluster', () => {
  const kubeconfig = (user: object = { token: 'secret-token' }) =>
    JSON.stringify({
      clusters: [{ name: 'c', cluster: { server: 'https://api.example.com' } }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'admin', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'admin',
    })
  const existing = (extra: Record<string, string> = {}) =>
    read({ provider: 'existing', zones: '', region: 'us-east-1', kubeconfig: kubeconfig(), ...extra })

  test('has a descriptor without a state store', () =>
    expect(existing().cluster).toEqual({
      name: 'usa',
      region: 'us-east-1',
      zones: [],
      provider: 'existing',
      fullName: 'usa.k8s.example.com',
      stateStore: '',
    }))

  test.each<[string, Record<string, string>]>([
    ['kubeconfig: is required', { kubeconfig: '' }],
    ['region: is required', { region: '' }],
    ["kubeconfig: user 'u' runs a program (exec)", { kubeconfig: kubeconfig({ exec: {} }) }],
    [
      "kubeconfig: user 'u' refers to a file (client-key)",
      { kubeconfig: kubeconfig({ 'client-key': '/k' }) },
    ],
    ["there is no context 'x' in kubeconfig, only admin", { 'kubeconfig-context': 'x' }],
  ])('%s', (message, inputs) => expect(() => existing(inputs)).toThrow(message))

  test('may run programs where its kubeconfig is trusted', () =>
    expect(existing({ kubeconfig: kubeconfig({ exec: {} }), 'kubeconfig-trusted': 'true' }).provider).toBe(
      'existing',
    ))
})

describe('a cluster of kind', () => {
  const kind = (extra: Record<string, string> = {}) =>
    read({ provider: 'kind', zones: '', region: 'us-east-1', ...extra })

  test('has a descriptor with the name that kind has for it, by default the alias', () => {
    expect(kind().cluster).toMatchObject({ provider: 'kind', kindName: 'usa', stateStore: '' })
    expect(kind({ 'kind-name': 'nightly-usa' }).cluster).toMatchObject({ kindName: 'nightly-usa' })
  })

  test.each<[string, Record<string, string>]>([
    ['region: is required with provider: kind', { region: '' }],
    ['node-size: must not be given with provider: kind, which uses', { 'node-size': 't3.large' }],
    ['role: is for provider: eks', { role: 'arn:aws:iam::444455556666:role/deploy' }],
    ['kind-name: is for provider: kind, but provider is eks', { provider: 'eks', 'kind-name': 'usa' }],
  ])('%s', (message, inputs) => expect(() => kind(inputs)).toThrow(message))
})

describe('a cluster of EKS', () => {
  const role = 'arn:aws:iam::444455556666:role/deploy'
  const eks = (extra: Record<string, string> = {}) =>
    read({ provider: 'eks', zones: '', region: 'us-east-1', ...extra })

  test('has a descriptor with the name that EKS has for it, by default the alias', () => {
    const descriptor = {
      name: 'usa',
      region: 'us-east-1',
      zones: [],
      provider: 'eks',
      fullName: 'usa.k8s.example.com',
      stateStore: '',
      eksName: 'usa',
    }
    expect(eks().cluster).toEqual(descriptor)
    expect(eks({ 'eks-name': 'Prod_1', role }).cluster).toEqual({ ...descriptor, eksName: 'Prod_1', role })
  })

  test.each<[string, Record<string, string>]>([
    ['region: is required with provider: eks', { region: '' }],
    ['ttl: must not be given with provider: eks, which uses a cluster as it is', { ttl: '8h' }],
    ['node-size: must not be given', { 'node-size': 't3.large' }],
    ['state-store: must not be given', { 'state-store': 's3://states' }],
    ['adopt: must not be given', { adopt: 'true' }],
    ['kubeconfig: must not be given', { kubeconfig: '{contexts: [{name: usa}]}' }],
    ["eks-name: 'a.b' must be the name of an EKS cluster", { 'eks-name': 'a.b' }],
    [
      'eks-name: is for provider: eks, but provider is kops',
      { provider: 'kops', zones: 'us-east-1a', 'eks-name': 'x' },
    ],
    ['role: is for provider: eks', { provider: 'kops', zones: 'us-east-1a', role }],
  ])('%s', (message, inputs) => expect(() => eks(inputs)).toThrow(message))
})
