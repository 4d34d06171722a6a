import type { KubeObject } from '@meridian/lab-kube-api'
import type { ClusterSpec } from '@meridian/lab-world'
import type { ClusterKind } from '../cluster-kind.ts'
import { inTreeController } from '../load-balancer.ts'
import type { LoadBalancerController } from '../load-balancer-controller.ts'
import { buildNode, type MachineRole } from '../nodes.ts'
import { type Component, podsOf } from '../system-pods.ts'

const apiPort = 6443
const balancerSeconds = 8

const components: Component[] = [
  { name: 'coredns', on: 'all', kind: 'replicated', image: 'registry.k8s.io/coredns/coredns:v1.13.1' },
  { name: 'etcd', on: 'control-plane', kind: 'static', image: 'registry.k8s.io/etcd:3.6.6-0' },
  { name: 'kindnet', on: 'all', kind: 'daemon', image: 'docker.io/kindest/kindnetd' },
  { name: 'kube-apiserver', on: 'control-plane', kind: 'static', image: 'kube-apiserver' },
  { name: 'kube-controller-manager', on: 'control-plane', kind: 'static', image: 'kube-controller-manager' },
  { name: 'kube-proxy', on: 'all', kind: 'daemon', image: 'kube-proxy' },
  { name: 'kube-scheduler', on: 'control-plane', kind: 'static', image: 'kube-scheduler' },
]

/** The network of containers that clusters of kind share. */
export type ContainerNetwork = {
  /** The next address in it. */
  address(): string
  /** cloud-provider-kind runs, a program beside the clusters: without it no Service gets a load balancer. */
  balances(): boolean
  after(worldSeconds: number): Promise<void>
}

/** Clusters as kind makes them: containers of one machine, of one node that also runs pods. */
export function kindKind(network: ContainerNetwork): ClusterKind {
  return {
    standing: true,
    apiPort,
    // What kubeadm and kind's configuration of it name: kind itself reaches it on loopback.
    certificateNames: ({ name, apiHost }) => [
      apiHost,
      `${name}-control-plane`,
      'kubernetes',
      'kubernetes.default',
      'kubernetes.default.svc',
      'kubernetes.default.svc.cluster.local',
      'localhost',
      '127.0.0.1',
      '10.96.0.1',
    ],
    seed: spec => [standardClass, ownEndpoint(spec)],
    node: kindNode,
    systemPods: (entry, random) => podsOf(components, entry, random),
    provisioners: ['rancher.io/local-path'],
    loadBalancers: [proxyController(network)],
  }
}

const standardClass: KubeObject = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  provisioner: 'rancher.io/local-path',
  reclaimPolicy: 'Delete',
  volumeBindingMode: 'WaitForFirstConsumer',
}

/** Where the API server says that it is, which every genuine one writes. */
const ownEndpoint = ({ apiHost }: ClusterSpec): KubeObject => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: {
    namespace: 'default',
    name: 'kubernetes',
    labels: { 'kubernetes.io/service-name': 'kubernetes' },
  },
  addressType: 'IPv4',
  endpoints: [{ addresses: [apiHost], conditions: { ready: true } }],
  ports: [{ name: 'https', port: apiPort, protocol: 'TCP' }],
})

/** cloud-provider-kind: the service part of any cloud controller, which starts a container with a proxy for each Service. */
function proxyController(network: ContainerNetwork): LoadBalancerController {
  return {
    ...inTreeController,
    runs: network.balances,
    create: () => ({
      hostname: network.address(),
      ready: network.after(balancerSeconds),
      remove() {},
    }),
  }
}

function kindNode(spec: ClusterSpec, entry: MachineRole, index: number): KubeObject {
  const { name } = entry.machine
  const { metadata, status } = buildNode(spec, entry, index)
  const { nodeInfo, ...rest } = status as { nodeInfo: object }
  const plain = Object.entries(metadata.labels ?? {}).filter(
    ([key]) => !/^(kops|topology|node\.kubernetes)\./.test(key),
  )
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: Object.fromEntries(plain) },
    // The only node of a cluster has no taint.
    spec: { providerID: `kind://docker/${spec.name}/${name}` },
    status: {
      ...rest,
      addresses: [
        { type: 'InternalIP', address: spec.apiHost },
        { type: 'Hostname', address: name },
      ],
      nodeInfo: { ...nodeInfo, osImage: 'Debian GNU/Linux 13 (trixie)', kernelVersion: '6.14.0-1017-azure' },
    },
  }
}
