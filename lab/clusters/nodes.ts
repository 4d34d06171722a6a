import type { KubeObject } from '@meridian/lab-kube-api'
import type { ClusterSpec, Machine } from '@meridian/lab-world'

export type Role = 'control-plane' | 'node'
export type MachineRole = { machine: Machine; role: Role }
type Capacity = { cpu: number; memory: number }

const capacities: Record<string, Capacity> = {
  't2.micro': { cpu: 1, memory: 1 },
  't2.medium': { cpu: 2, memory: 4 },
  't3.micro': { cpu: 2, memory: 1 },
  't3.small': { cpu: 2, memory: 2 },
  't3.medium': { cpu: 2, memory: 4 },
  't3.large': { cpu: 2, memory: 8 },
  't4g.medium': { cpu: 2, memory: 4 },
  'm5.large': { cpu: 2, memory: 8 },
  'm6i.large': { cpu: 2, memory: 8 },
  'c5.large': { cpu: 2, memory: 4 },
}

/** All machines of a cluster, control planes first. */
export function machinesOf(spec: ClusterSpec): MachineRole[] {
  return [
    ...spec.controlPlanes.map(machine => ({ machine, role: 'control-plane' as const })),
    ...spec.nodes.map(machine => ({ machine, role: 'node' as const })),
  ]
}

/** The address of a machine inside its network: derived from its place in the list, as its name in DNS is. */
function privateAddress(index: number): string {
  return `172.20.${32 + Math.floor(index / 200)}.${17 + (index % 200)}`
}

/** A Node as the kubelet on a kops machine registers it, not ready yet. */
export function buildNode(spec: ClusterSpec, { machine, role }: MachineRole, index: number): KubeObject {
  const address = privateAddress(index)
  const hostname = `${machine.name}.${spec.region}.compute.internal`
  const taints =
    role === 'control-plane'
      ? { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] }
      : {}
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: machine.name, labels: nodeLabels(spec, machine, role) },
    spec: { providerID: `aws:///${machine.zone}/${machine.id ?? machine.name}`, ...taints },
    status: {
      addresses: [
        { type: 'InternalIP', address },
        { type: 'ExternalIP', address: `198.51.100.${17 + index}` },
        { type: 'InternalDNS', address: hostname },
        { type: 'Hostname', address: hostname },
      ],
      ...nodeResources(machine),
      conditions: [readyCondition(false)],
      nodeInfo: nodeInfo(machine.version ?? spec.kubernetesVersion),
    },
  }
}

/** The Ready condition that a kubelet reports. */
export function readyCondition(ready: boolean): Record<string, string> {
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z')
  return {
    type: 'Ready',
    status: ready ? 'True' : 'False',
    reason: ready ? 'KubeletReady' : 'KubeletNotReady',
    message: ready
      ? 'kubelet is posting ready status'
      : 'container runtime network not ready: cni plugin not initialized',
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  }
}

/** Whether a Node's Ready condition is True. */
export function isReady(node: KubeObject): boolean {
  const status = node.status as { conditions?: { type: string; status: string }[] } | undefined
  return status?.conditions?.some(each => each.type === 'Ready' && each.status === 'True') ?? false
}

function nodeLabels(spec: ClusterSpec, machine: Machine, role: Role): Record<string, string> {
  const group = role === 'control-plane' ? `control-plane-${machine.zone}` : `nodes-${machine.zone}`
  return {
    'beta.kubernetes.io/arch': 'amd64',
    'beta.kubernetes.io/os': 'linux',
    'kops.k8s.io/instancegroup': group,
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': machine.name,
    'kubernetes.io/os': 'linux',
    'node.kubernetes.io/instance-type': machine.size,
    [`node-role.kubernetes.io/${role}`]: '',
    'topology.ebs.csi.aws.com/zone': machine.zone,
    'topology.kubernetes.io/region': spec.region,
    'topology.kubernetes.io/zone': machine.zone,
  }
}

function nodeResources(machine: Machine): Record<string, unknown> {
  const { cpu, memory } = capacities[machine.size] ?? { cpu: 2, memory: 4 }
  const kibibytes = memory * 1024 * 1024
  return {
    capacity: { cpu: `${cpu}`, memory: `${kibibytes}Ki`, pods: '110', 'ephemeral-storage': '125753324Ki' },
    allocatable: {
      cpu: `${cpu * 1000 - 50}m`,
      memory: `${kibibytes - 256 * 1024}Ki`,
      pods: '110',
      'ephemeral-storage': '115894263293',
    },
  }
}

function nodeInfo(version: string): Record<string, string> {
  return {
    architecture: 'amd64',
    containerRuntimeVersion: 'containerd://2.2.1',
    kernelVersion: '6.8.0-1044-aws',
    kubeProxyVersion: '',
    kubeletVersion: `v${version}`,
    operatingSystem: 'linux',
    osImage: 'Ubuntu 24.04.3 LTS',
  }
}
