import { describe, expect, test } from 'vitest'
import { type ClusterDescriptor, readFederation, writeFederation } from '../src/index.ts'

const cluster = (name: string, more: Partial<ClusterDescriptor> = {}): ClusterDescriptor => ({
  name,
  region: 'us-east-1',
  zones: [],
  provider: 'kops',
  fullName: `${name}.k8s.example.com`,
  stateStore: `s3://platform-state/kops`,
  ...more,
})
const place = { domain: 'k8s.example.com', environment: 'pr-1' }

test('a federation is read back from a mark, its host first', () => {
  const others = cluster('aks', { provider: 'existing', stateStore: '' })
  const eks = cluster('eks', { provider: 'eks', stateStore: '', eksName: 'Prod_1' })
  const role = 'arn:aws:iam::444455556666:role/ci/deploy'
  const kind = cluster('kind', { provider: 'kind', stateStore: '', kindName: 'k.1' })
  const clusters = [cluster('usa'), eks, kind, cluster('eur'), { ...eks, name: 'jpn', role }]
  const federation = writeFederation(others, clusters)
  expect(readFederation({ federation }, place)).toEqual([others, ...clusters])
})

test('members that a TXT record has no room for are left out, and never the host', () => {
  const clusters = Array.from({ length: 90 }, (_, at) => cluster(`c${at}`))
  const federation = writeFederation(cluster('usa'), clusters)
  expect(federation.length).toBeLessThanOrEqual(3000)
  const [host, ...others] = readFederation({ federation }, place)
  expect(host.name).toBe('usa')
  expect(others.length).toBeGreaterThan(20)
})

describe('what is no federation is not read', () => {
  test.each([
    undefined,
    '',
    'usa',
    'usa|us-east-1',
    '../usa|us-east-1|usa.k8s.example.com|s3://a-bucket',
    'usa|evil.example.org/|usa.k8s.example.com|s3://a-bucket',
    'usa|us-east-1|usa|s3://a-bucket',
    'usa|us-east-1|usa.k8s.example.com|http://elsewhere',
    'usa|us-east-1|usa.k8s.example.com|eks:',
    'usa|us-east-1|usa.k8s.example.com|eks:prod|role/deploy',
  ])('%j', federation => {
    expect(() => readFederation({ federation }, place)).toThrow()
  })
})
