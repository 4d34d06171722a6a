import { describe, expect, test } from 'vitest'
import { readFlags } from '../flags.ts'
import type { Found } from '../kops/cloud/read-xml.ts'
import { parseCloudLabels } from '../kops/cloud-labels.ts'
import { createFlags } from '../kops/create-flags.ts'
import { planDeletion } from '../kops/deletion-plan.ts'
import { checkDowngrade, judgeVersion } from '../kops/kubernetes-version.ts'
import { shortName } from '../kops/names.ts'
import { planCluster, splitNetwork } from '../kops/plan-cluster.ts'
import { planInstanceGroups } from '../kops/plan-instance-groups.ts'
import { isKnown } from '../kops/unregister.ts'
import { checkZones } from '../kops/zones.ts'

const name = 'usa.k8s.example.com'
const flagsOf = (given: Record<string, string>) =>
  readFlags(
    createFlags,
    new Map(Object.entries({ zones: 'us-east-1a', ...given }).map(([key, value]) => [key, [value]])),
  )
const cluster = (given: Record<string, string>) => planCluster(name, 's3://state', flagsOf(given))
const groups = (given: Record<string, string>) =>
  planInstanceGroups(name, flagsOf(given)).map(({ metadata, spec }) => [metadata.name, spec.minSize])

describe('cloud labels', () => {
  test.each([
    ['a=b,c=d', { a: 'b', c: 'd' }],
    ['url="https://x/?a=b"', { url: 'https://x/?a=b' }],
    ['', {}],
  ])('%j is read', (text, labels) => {
    expect(parseCloudLabels(text)).toEqual(labels)
  })

  test.each(['a', 'a=b=c', 'a="b,c"'])('%j is malformed', text => {
    expect(() => parseCloudLabels(text)).toThrow('one or more key=value pairs are malformed')
  })
})

describe('the cluster of a command line', () => {
  test('has a load balancer and no DNS unless a zone is given', () => {
    expect(cluster({}).spec).toMatchObject({
      api: { loadBalancer: { class: 'Network' } },
      topology: { dns: { type: 'None' } },
    })
    const zoned = cluster({ 'dns-zone': 'k8s.example.com' }).spec
    expect([zoned.api, zoned.topology.dns.type]).toEqual([{ dns: {} }, 'Public'])
  })

  test('takes the version of the channel if none is given', () => {
    expect(cluster({}).spec.kubernetesVersion).toBe('1.36.3')
    expect(cluster({ channel: 'none' }).spec.kubernetesVersion).toBe('')
  })

  test('takes fields that are set, and refuses those that kops does not have', () => {
    expect(cluster({ set: 'spec.kubelet.maxPods=50' }).spec.kubelet).toEqual({
      anonymousAuth: false,
      maxPods: 50,
    })
    expect(() => cluster({ set: 'spec.bogus=1' })).toThrow('field "spec.bogus" not found')
  })

  test('needs a name with a dot', () => {
    expect(() => planCluster('usa', 's3://state', flagsOf({}))).toThrow('must be a fully-qualified DNS name')
  })
})

describe('the instance groups of a command line', () => {
  test('are one control plane and a group of nodes per zone', () => {
    expect(groups({ zones: 'us-east-1a,us-east-1b', 'node-count': '3' })).toEqual([
      ['control-plane-us-east-1a', 1],
      ['nodes-us-east-1a', 2],
      ['nodes-us-east-1b', 1],
    ])
  })

  test('number the control planes that share a zone', () => {
    expect(groups({ 'control-plane-count': '3' }).map(([name]) => name)).toEqual([
      'control-plane-us-east-1a-1',
      'control-plane-us-east-1a-2',
      'control-plane-us-east-1a-3',
      'nodes-us-east-1a',
    ])
  })

  test('need an odd number of control planes', () => {
    expect(() => groups({ 'control-plane-count': '2' })).toThrow(
      'there should be an odd number of control-plane-zones',
    )
  })
})

describe('versions of Kubernetes', () => {
  test.each([
    ['1.31.0', 'fine'],
    ['v1.36.9', 'fine'],
    ['1.30.14', 'kubernetes upgrade is required'],
    ['1.37.0', 'kops upgrade is required'],
    ['', 'unable to parse kubernetes version ""'],
  ])('%j: %s', (version, verdict) => {
    const judged = judgeVersion(version, {})
    expect(judged.kind === 'fine' ? 'fine' : judged.message).toBe(verdict)
  })

  test('that are unsupported pass when the environment asks for it', () => {
    expect(judgeVersion('1.30.14', { KOPS_RUN_OBSOLETE_VERSION: 'true' }).kind).toBe('fine')
    expect(judgeVersion('1.37.0', { KOPS_RUN_TOO_NEW_VERSION: 'true' }).kind).toBe('fine')
  })

  test('state of a newer kops is refused', () => {
    expect(() => checkDowngrade('1.37.0\n')).toThrow(
      'kops version older than last used to update the cluster',
    )
    expect(() => checkDowngrade('1.36.2')).not.toThrow()
    expect(() => checkDowngrade(undefined)).not.toThrow()
  })
})

test.each([
  [['us-east-1a', 'us-east-1b'], undefined],
  [[], 'must specify at least one zone'],
  [['us-east-1z'], 'Zone is not a recognized AZ: "us-east-1z"'],
  [['xx-east-1a'], 'Region is not a recognized EC2 region: "xx-east-1"'],
  [['us-east-1a', 'eu-west-1a'], 'Clusters cannot span multiple regions'],
])('zones %j: %s', (zones, complaint) => {
  if (complaint) expect(() => checkZones(zones)).toThrow(complaint)
  else expect(() => checkZones(zones)).not.toThrow()
})

test('a network is split into as many blocks as zones need', () => {
  expect(splitNetwork('172.20.0.0/16', 1)).toEqual(['172.20.0.0/16'])
  expect(splitNetwork('172.20.0.0/16', 3)).toEqual(['172.20.0.0/18', '172.20.64.0/18', '172.20.128.0/18'])
})

test('names of load balancers fit into 32 characters and differ by cluster', () => {
  const [usa, eur] = ['usa.a-very-long.k8s.example.com', 'usa.a-very-long.k8s.example.org'].map(each =>
    shortName('api', each),
  )
  expect(usa).toHaveLength(32)
  expect(usa?.slice(0, 26)).toBe(eur?.slice(0, 26))
  expect(usa).not.toBe(eur)
})

test('a VPC is deleted after everything in it', () => {
  const found = (type: Found['type'], id: string): Found => ({ type, id, name: id, tags: {}, attributes: {} })
  const plan = planDeletion([found('vpc', 'vpc-1'), found('subnet', 'subnet-1'), found('instance', 'i-2')])
  expect(plan.map(({ key, after }) => [key, after])).toEqual([
    ['instance:i-2', []],
    ['subnet:subnet-1', ['instance:i-2']],
    ['vpc:vpc-1', ['subnet:subnet-1']],
  ])
})

test('the state folder of a cluster knows its own files only', () => {
  expect(['config', 'pki/private/x/keyset.yaml', 'backups/etcd/main/x'].every(isKnown)).toBe(true)
  expect(['note.txt', 'pki', 'configuration'].some(isKnown)).toBe(false)
})
