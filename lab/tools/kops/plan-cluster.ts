import type { Flags } from '../flags.ts'
import { ToolError } from '../terminal.ts'
import { parseCloudLabels } from './cloud-labels.ts'
import type { Cluster, ClusterFields, Subnet } from './cluster-object.ts'
import { channelVersion } from './kubernetes-version.ts'
import { planControlPlanes } from './plan-instance-groups.ts'
import { setField, unsetField } from './set-field.ts'

/** The cluster that the flags of `create cluster` describe. Pure; throws `ToolError`. */
export function planCluster(name: string, base: string, flags: Flags): Cluster {
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/.test(name)) {
    throw new ToolError('Cluster Name must be a fully-qualified DNS name (e.g. --name=mycluster.myzone.com)')
  }
  const cluster: Cluster = {
    apiVersion: 'kops.k8s.io/v1alpha2',
    kind: 'Cluster',
    metadata: { creationTimestamp: null, name },
    spec: planFields(name, base, flags),
  }
  for (const assignment of [...flags.list('override'), ...flags.list('set')]) setField(cluster, assignment)
  for (const path of flags.list('unset')) unsetField(cluster, path)
  return cluster
}

function planFields(name: string, base: string, flags: Flags): ClusterFields {
  const labels = parseCloudLabels(flags.text('cloud-labels'))
  const dns = dnsType(flags)
  const networkCIDR = flags.list('network-cidr')[0] ?? '172.20.0.0/16'
  const sshAccess = flags.given('ssh-access') ? flags.list('ssh-access') : flags.list('admin-access')
  return {
    api: dns === 'None' ? { loadBalancer: { class: 'Network', type: 'Public' } } : { dns: {} },
    authorization: {
      [flags.text('authorization').toLowerCase() === 'alwaysallow' ? 'alwaysAllow' : 'rbac']: {},
    },
    channel: flags.text('channel'),
    ...(Object.keys(labels).length > 0 && { cloudLabels: labels }),
    cloudProvider: 'aws',
    configBase: `${base}/${name}`,
    ...(flags.text('dns-zone') && { dnsZone: flags.text('dns-zone') }),
    etcdClusters: ['main', 'events'].map(role => etcdCluster(role, flags)),
    iam: { allowContainerRegistry: true, legacy: false },
    kubelet: { anonymousAuth: false },
    kubernetesApiAccess: flags.list('admin-access'),
    kubernetesVersion: versionOf(flags),
    networkCIDR,
    networking: networkingOf(flags.text('networking')),
    nonMasqueradeCIDR: '100.64.0.0/10',
    sshAccess,
    subnets: planSubnets(networkCIDR, flags),
    topology: { dns: { type: dns } },
  }
}

function versionOf(flags: Flags): string {
  const given = flags.text('kubernetes-version')
  if (given === '' && flags.text('channel') !== 'none') return channelVersion
  return given.replace(/^v/, '')
}

/** kops' rule since 1.30: a zone without a DNS type means public DNS, neither means none. */
function dnsType(flags: Flags): ClusterFields['topology']['dns']['type'] {
  const types: Record<string, ClusterFields['topology']['dns']['type']> = {
    '': flags.text('dns-zone') ? 'Public' : 'None',
    none: 'None',
    public: 'Public',
    private: 'Private',
  }
  const type = types[flags.text('dns').toLowerCase()]
  if (type) return type
  throw new ToolError(`unknown DNSType: ${JSON.stringify(flags.text('dns'))}`)
}

function networkingOf(mode: string): Record<string, unknown> {
  const modes: Record<string, Record<string, unknown>> = {
    calico: { calico: {} },
    cilium: { cilium: { enableNodePort: true } },
    'cilium-etcd': { cilium: { enableNodePort: true, etcdManaged: true } },
    cni: { cni: {} },
    external: { external: {} },
    flannel: { flannel: { backend: 'vxlan' } },
    'flannel-udp': { flannel: { backend: 'udp' } },
    'flannel-vxlan': { flannel: { backend: 'vxlan' } },
    amazonvpc: { amazonvpc: {} },
    kindnet: { kindnet: {} },
    'kube-router': { kuberouter: {} },
    kubenet: { kubenet: {} },
  }
  const networking = modes[mode]
  if (networking) return networking
  throw new ToolError(`unknown networking mode ${JSON.stringify(mode)}`)
}

function planSubnets(network: string, flags: Flags): Subnet[] {
  const zones = [
    ...new Set([...flags.list('zones'), ...planControlPlanes(flags).map(({ zone }) => zone)]),
  ].sort()
  if (flags.text('topology') === 'private') return planPrivate(network, zones)
  const blocks = splitNetwork(network, zones.length)
  return zones.map((zone, index) => ({ cidr: blocks[index] ?? network, name: zone, type: 'Public', zone }))
}

/** An eighth for the machines of each zone, and an eighth of the first eighth for what stands before them. */
function planPrivate(network: string, zones: readonly string[]): Subnet[] {
  const [first = network, ...large] = splitNetwork(network, 8)
  const small = splitNetwork(first, 8)
  const plan = (type: 'Private' | 'Utility', prefix: string, blocks: readonly string[]) =>
    zones.map((zone, index) => ({ cidr: blocks[index] ?? network, name: `${prefix}${zone}`, type, zone }))
  return [...plan('Private', '', large), ...plan('Utility', 'utility-', small)]
}

/** Splits an IPv4 network into equal blocks, as few bits longer as `count` of them need. */
export function splitNetwork(network: string, count: number): string[] {
  const [address = '', length = ''] = network.split('/')
  const bits = Math.ceil(Math.log2(Math.max(1, count)))
  const size = 2 ** (32 - Number(length) - bits)
  const first = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  return Array.from({ length: count }, (_, index) => {
    const start = first + index * size
    const parts = [24, 16, 8, 0].map(shift => Math.floor(start / 2 ** shift) % 256)
    return `${parts.join('.')}/${Number(length) + bits}`
  })
}

function etcdCluster(name: string, flags: Flags): Record<string, unknown> {
  return {
    cpuRequest: name === 'main' ? '200m' : '100m',
    etcdMembers: planControlPlanes(flags).map(({ group, member }) => ({
      encryptedVolume: true,
      instanceGroup: group,
      name: member,
    })),
    manager: { backupRetentionDays: 90 },
    memoryRequest: '100Mi',
    name,
  }
}
