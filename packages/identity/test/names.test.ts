import { yamlOf } from '@meridian/runner'
import { describe, expect, test } from 'vitest'
import {
  alias,
  checkClusters,
  claimKey,
  clusterFolder,
  completeClusters,
  describeGiven,
  domain,
  environmentName,
  fullName,
  type GivenCluster,
  givenClusters,
  leaseKey,
  ownerRecordName,
  parseStore,
  recordName,
  region,
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
})

describe('parsers of names', () => {
  test.each(['--evil', 'Usa', 'a_b', 'x'.repeat(16), '-a'])('alias refuses %j', raw =>
    expect(() => alias(raw)).toThrow(),
  )
  test('environment refuses the word by which marks call the one without a name', () => {
    expect(() => environmentName('default')).toThrow("must not be 'default', which stands for no environment")
    expect(environmentName('defaults')).toBe('defaults')
  })
  test.each([
    ['K8s.Example.COM', 'k8s.example.com'],
    ['Bücher.example', 'xn--bcher-kva.example'],
    ['8.example', '8.example'],
  ])('%s is the domain %s', (raw, name) => expect(domain(raw)).toBe(name))
  test('domain refuses the final dot, which would make another text of the same name', () =>
    expect(() => domain('k8s.example.com.')).toThrow("must be without the final dot: 'k8s.example.com'"))
  test.each(['com', 'a..b', '-a.com', 'a b.com', 'x'.repeat(64).concat('.com'), '192.0.2.1', '.', 'a.b..'])(
    'domain refuses %j',
    raw => expect(() => domain(raw)).toThrow(),
  )
  test.each([
    ['us-east-1a', 'us-east-1'],
    ['ap-northeast-1c', 'ap-northeast-1'],
  ])('%s is in %s', (raw, expected) => expect(regionOfZone(zone(raw))).toBe(expected))

  test.each([
    ['cn-north-1', 'aws-cn (China)'],
    ['us-gov-west-1', 'aws-us-gov (GovCloud)'],
    ['eusc-de-east-1', 'aws-eusc (European Sovereign Cloud)'],
    ['us-isob-east-1', 'one of the isolated partitions'],
  ])('%s is refused as of another partition', (raw, partition) => {
    for (const parse of [() => region(raw), () => zone(`${raw}a`)])
      expect(parse).toThrow(`is in AWS's partition ${partition}`)
  })
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

  test('two of one name are a problem', () => {
    const twice = parse('[{name: usa, region: us-east-1}, {name: usa, region: eu-west-1}]')
    expect(checkClusters(twice)).toEqual([
      { input: 'clusters', message: "two clusters are named 'usa': names must differ" },
    ])
  })

  test('a full name that does not follow from domain and environment stays', () => {
    const [cluster] = completeClusters(
      parse('[{name: usa, region: us-east-1, fullName: prod.other.org}]'),
      plain,
    )
    expect(cluster).toMatchObject({ fullName: 'prod.other.org', stateStore: 's3://prod.other.org-state' })
  })
})

describe('clusters of EKS', () => {
  const parse = yamlOf(givenClusters)
  const role = 'arn:aws:iam::444455556666:role/deploy'
  const given = parse(`[{name: usa, region: us-east-1, provider: eks, eksName: Prod_1, role: '${role}'}]`)

  test('are named as EKS has them, by default by their alias, and have no state store', () => {
    expect(completeClusters(parse('[{name: usa, region: us-east-1, provider: eks}]'), plain)).toEqual([
      {
        name: 'usa',
        region: 'us-east-1',
        zones: [],
        provider: 'eks',
        fullName: 'usa.k8s.example.com',
        stateStore: '',
        eksName: 'usa',
      },
    ])
    expect(completeClusters(given, plain)).toMatchObject([{ eksName: 'Prod_1', role }])
  })

  test('of kind are named as kind has them, by default by their alias', () => {
    const [usa, eur] = completeClusters(
      parse(
        '[{name: usa, region: us-east-1, provider: kind}, {name: eur, region: eu-west-1, provider: kind, kindName: k.1}]',
      ),
      plain,
    )
    expect(usa).toMatchObject({ provider: 'kind', kindName: 'usa', stateStore: '' })
    expect(describeGiven(eur as GivenCluster)).toMatchObject({ provider: 'kind', kindName: 'k.1' })
  })

  test('are told to another action with all that finds them', () => {
    expect(describeGiven(given[0] as GivenCluster)).toEqual(given[0])
    const [descriptor] = completeClusters(given, pullRequest)
    expect(completeClusters(parse(JSON.stringify([descriptor])), pullRequest)).toEqual([descriptor])
  })

  test.each([
    ["provider: eks, eksName: 'arn:aws:eks:us-east-1:1:cluster/prod'", 'must be the name of an EKS cluster'],
    ["provider: eks, role: 'deploy'", "must be a role's ARN"],
    ['provider: kind, kindName: Usa', 'must be the name of a kind cluster'],
    ['provider: gke', "must be 'kops', 'existing', 'eks' or 'kind'"],
  ])('%s is refused', (fields, message) =>
    expect(() => parse(`[{name: usa, region: us-east-1, ${fields}}]`)).toThrow(message),
  )

  test.each([
    ['eksName: prod', 'usa has eksName, which is for provider: eks'],
    [`provider: existing, role: '${role}'`, 'usa has role, which is for provider: eks'],
    ['provider: eks, kindName: usa', 'usa has kindName, which is for provider: kind'],
    [
      'provider: kind, stateStore: s3://states',
      'usa has stateStore, but with provider: kind there is none: leave it out',
    ],
    [
      'provider: eks, stateStore: s3://states',
      'usa has stateStore, but with provider: eks there is none: leave it out',
    ],
  ])('%s would not be heeded', (fields, message) =>
    expect(checkClusters(parse(`[{name: usa, region: us-east-1, ${fields}}]`), 'host')).toEqual([
      { input: 'host', message },
    ]),
  )
})

describe('a store that is given for all clusters', () => {
  const stores = (clusters: string) =>
    completeClusters(yamlOf(givenClusters)(clusters), { ...plain, stateStore: 's3://platform/kops' }).map(
      ({ stateStore }) => stateStore,
    )

  test('is that of each which names none', () =>
    expect(
      stores('[{name: usa, region: us-east-1}, {name: eur, region: eu-west-1, stateStore: s3://other}]'),
    ).toEqual(['s3://platform/kops', 's3://other']))

  test('is none of a cluster that kops did not make', () =>
    expect(stores('[{name: eks, region: us-east-1, provider: existing}]')).toEqual(['']))
})

describe('state stores', () => {
  test.each([
    ['s3://bucket', { bucket: 'bucket', path: '' }],
    ['s3://bucket/', { bucket: 'bucket', path: '' }],
    ['s3://kops.example.com/teams/a', { bucket: 'kops.example.com', path: 'teams/a' }],
    ['s3://bucket/clusters/', { bucket: 'bucket', path: 'clusters' }],
  ])('%s is read', (raw, expected) => expect(parseStore(raw)).toEqual(expected))

  test.each([
    'bucket',
    's3://',
    's3://a',
    's3://bucket//x',
    's3://bucket/../x',
    's3://Bucket',
    's3://b/-x y',
  ])('%s is refused', raw => expect(() => parseStore(raw)).toThrow('must be s3://<bucket>'))

  test.each([
    ['', 'usa.x.org/', 'usa.x.org.claim.json', 'usa.x.org.lease.json'],
    ['a/b', 'a/b/usa.x.org/', 'a/b/usa.x.org.claim.json', 'a/b/usa.x.org.lease.json'],
  ])('claim and lease lie beside the folder in path %j', (path, folder, claim, lease) => {
    expect(clusterFolder({ path }, 'usa.x.org')).toBe(folder)
    expect(claimKey({ path }, 'usa.x.org')).toBe(claim)
    expect(leaseKey({ path }, 'usa.x.org')).toBe(lease)
  })
})
