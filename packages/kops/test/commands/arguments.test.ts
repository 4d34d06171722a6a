import { describe, expect, test } from 'vitest'
import {
  type ClusterSpec,
  createArguments,
  deleteArguments,
  dryRunArguments,
  exportArguments,
  machineArguments,
  updateArguments,
  validateArguments,
} from '../../src/index.ts'

const cluster = { fullName: 'usa.k8s.example.com', stateStore: 's3://usa.k8s.example.com-state' }
const target = ['--name=usa.k8s.example.com', '--state=s3://usa.k8s.example.com-state']
const spec: ClusterSpec = {
  ...cluster,
  zones: ['us-east-1a'],
  kubernetesVersion: '1.35.7',
  controlPlane: { count: 1, size: 't3.medium' },
  nodes: { count: 2, size: 't3.large' },
  networking: 'cilium',
  topology: 'public',
  sshAccess: [],
  labels: { 'meridian:environment': 'pr-42' },
}
const body = [
  '--cloud=aws',
  '--zones=us-east-1a',
  '--control-plane-count=1',
  '--control-plane-size=t3.medium',
  '--node-count=2',
  '--node-size=t3.large',
  '--kubernetes-version=1.35.7',
  '--networking=cilium',
  '--topology=public',
  '--dns=none',
  '--unset=spec.sshAccess',
  '--cloud-labels=meridian:environment=pr-42',
]

describe('create', () => {
  test('names everything by a flag with its value', () => {
    expect(createArguments(spec)).toEqual(['create', 'cluster', ...target, ...body, '--yes'])
  })

  test('as a dry run prints, and does not say yes', () => {
    expect(dryRunArguments(spec)).toEqual([
      'create',
      'cluster',
      ...target,
      ...body,
      '--dry-run',
      '--output=yaml',
    ])
  })

  test.each<[string, Partial<ClusterSpec>, string[]]>([
    ['several zones', { zones: ['us-east-1a', 'us-east-1b'] }, ['--zones=us-east-1a,us-east-1b']],
    ['a zone for the API name', { dnsZone: 'k8s.example.com' }, ['--dns-zone=k8s.example.com']],
    ['networks for SSH', { sshAccess: ['192.0.2.0/24', '::/0'] }, ['--ssh-access=192.0.2.0/24,::/0']],
    ['a key', { sshPublicKey: '/tmp/key.pub' }, ['--ssh-public-key=/tmp/key.pub']],
    [
      'networks of the API',
      { apiAccess: ['192.0.2.0/24', '2001:db8::/32'] },
      ['--admin-access=192.0.2.0/24,2001:db8::/32'],
    ],
    ['an image', { image: 'ami-1' }, ['--image=ami-1']],
    ['a channel', { channel: 'none' }, ['--channel=none']],
    [
      'a boundary of roles',
      { permissionsBoundary: 'arn:aws:iam::1:policy/b' },
      ['--set=spec.iam.permissionsBoundary=arn:aws:iam::1:policy/b'],
    ],
    ['fields', { set: ['spec.a=1', 'spec.b=--x'] }, ['--set=spec.a=1', '--set=spec.b=--x']],
    [
      'tags, quoted where kops would split them',
      { labels: { a: 'b=c', d: 'e f' } },
      ['--cloud-labels=a="b=c",d=e f'],
    ],
  ])('takes %s', (_, extra, expected) =>
    expect(createArguments({ ...spec, ...extra })).toEqual(expect.arrayContaining(expected)),
  )

  test('never has the load balancer and the zone at once', () => {
    expect(createArguments({ ...spec, dnsZone: 'k8s.example.com' })).not.toContain('--dns=none')
  })
})

test.each<[string, string[], string[]]>([
  [
    'update',
    updateArguments(cluster, 14_400_000),
    ['update', 'cluster', ...target, '--yes', '--admin=14400s'],
  ],
  ['validate', validateArguments(cluster), ['validate', 'cluster', ...target, '--output=json']],
  [
    'export',
    exportArguments(cluster, 3_600_000, '/tmp/f'),
    ['export', 'kubeconfig', ...target, '--admin=3600s', '--kubeconfig=/tmp/f'],
  ],
  [
    'delete',
    deleteArguments(cluster, 1_800_000),
    ['delete', 'cluster', ...target, '--yes', '--wait=1800s', '--interval=10s'],
  ],
])('%s', (_, actual, expected) => expect(actual).toEqual(expected))

describe('another type of machine', () => {
  const edit = (value: string, mixed: boolean) =>
    machineArguments(cluster, { group: 'nodes-us-east-1a', field: 'machineType', value, mixed })
  const begin = ['edit', 'instancegroup', 'nodes-us-east-1a', ...target]
  const types = 'spec.mixedInstancesPolicy.instances'
  test.each<[string, string, boolean, string[]]>([
    ['is set where there is one', 't3.large', false, ['--set=spec.machineType=t3.large']],
    [
      'begins a list where there are to be several',
      't3.large,t3a.large',
      false,
      ['--set=spec.machineType=t3.large', `--set=${types}=t3.large,t3a.large`],
    ],
    [
      'replaces the list where there is one, behind which kops would put it',
      't3.large',
      true,
      ['--set=spec.machineType=t3.large', `--unset=${types}`, `--set=${types}=t3.large`],
    ],
  ])('%s', (_, value, mixed, args) => expect(edit(value, mixed)).toEqual([...begin, ...args]))
})
