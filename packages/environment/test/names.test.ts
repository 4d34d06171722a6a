import { yamlOf } from '@meridian/runner'
import { describe, expect, test } from 'vitest'
import {
  alias,
  birthTags,
  checkClusters,
  completeClusters,
  domain,
  fullName,
  givenClusters,
  objectLabels,
  ownerRecordName,
  recordName,
  regionOfZone,
  stateBucket,
  zone,
} from '../src/index.ts'

const plain = { domain: 'k8s.example.com' }
const pullRequest = { domain: 'k8s.example.com', environment: 'pr-42' }

describe('names follow from the identity', () => {
  test.each([
    [plain, 'usa.k8s.example.com', 'hugo-fed.k8s.example.com'],
    [pullRequest, 'usa.pr-42.k8s.example.com', 'hugo-fed.pr-42.k8s.example.com'],
  ])('%o', (identity, cluster, record) => {
    expect(fullName('usa', identity)).toBe(cluster)
    expect(stateBucket(cluster)).toBe(`${cluster}-state`)
    expect(recordName('hugo-fed', identity)).toBe(record)
    expect(ownerRecordName(record)).toBe(`_meridian.${record}`)
  })

  test('an object carries the environment as a label', () => {
    expect(objectLabels(plain)).toEqual({
      'app.kubernetes.io/managed-by': 'meridian',
      'meridian.dev/environment': 'default',
    })
  })
})

describe('parsers of names', () => {
  test.each(['--evil', 'Usa', 'a_b', 'x'.repeat(16), '-a'])('alias refuses %j', raw =>
    expect(() => alias(raw)).toThrow(),
  )
  test('domain lower-cases and drops the final dot', () =>
    expect(domain('K8s.Example.COM.')).toBe('k8s.example.com'))
  test.each(['com', 'a..b', '-a.com', 'a b.com', 'x'.repeat(64).concat('.com')])('domain refuses %j', raw =>
    expect(() => domain(raw)).toThrow(),
  )
  test.each([
    ['us-east-1a', 'us-east-1'],
    ['ap-northeast-1c', 'ap-northeast-1'],
    ['us-gov-west-1b', 'us-gov-west-1'],
  ])('%s is in %s', (raw, expected) => expect(regionOfZone(zone(raw))).toBe(expected))
})

describe('clusters', () => {
  const parse = yamlOf(givenClusters)

  test('need only name and region', () => {
    expect(completeClusters(parse('- {name: usa, region: us-east-1}'), plain)).toEqual([
      {
        name: 'usa',
        region: 'us-east-1',
        zones: [],
        provider: 'kops',
        fullName: 'usa.k8s.example.com',
        stateStore: 's3://usa.k8s.example.com-state',
      },
    ])
  })

  test('survive the way through a descriptor', () => {
    const [descriptor] = completeClusters(
      parse('- {name: usa, region: us-east-1, zones: [us-east-1a]}'),
      pullRequest,
    )
    expect(completeClusters(parse(JSON.stringify([descriptor])), pullRequest)).toEqual([descriptor])
  })

  test.each([
    ['usa', 'must be a list of clusters'],
    ['[]', 'at least one cluster'],
    ['- {name: --evil, region: us-east-1}', "[0].name: '--evil' must be a label"],
    ['- {name: usa, region: mars}', "[0].region: 'mars' must be a region"],
    ['- {name: usa, region: us-east-1, colour: red}', 'colour'],
  ])('%s is refused with the place', (raw, message) => expect(() => parse(raw)).toThrow(message))

  test('two of one name, or a full name of another identity, are problems', () => {
    const twice = parse('[{name: usa, region: us-east-1}, {name: usa, region: eu-west-1}]')
    expect(checkClusters(twice, plain)).toEqual([
      { input: 'clusters', message: "two clusters are named 'usa': names must differ" },
    ])
    const foreign = parse('[{name: usa, region: us-east-1, fullName: usa.other.org}]')
    expect(checkClusters(foreign, plain)[0]?.message).toContain("make it 'usa.k8s.example.com'")
  })
})

test('the birth certificate says who, when and until when', () => {
  const tags = birthTags({
    identity: pullRequest,
    repository: 'o/r',
    run: 'https://github.com/o/r/actions/runs/1',
    createdAt: new Date('2026-11-23T10:00:00.123Z'),
    expiresAt: new Date('2026-11-24T10:00:00Z'),
    version: '0.1.0',
    pullRequest: 42,
  })
  expect(tags).toEqual({
    'meridian:environment': 'pr-42',
    'meridian:owner': 'o/r',
    'meridian:run': 'https://github.com/o/r/actions/runs/1',
    'meridian:created-at': '2026-11-23T10:00:00Z',
    'meridian:expires-at': '2026-11-24T10:00:00Z',
    'meridian:version': '0.1.0',
    'meridian:pull-request': '42',
  })
})
