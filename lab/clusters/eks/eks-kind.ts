import type { KubeObject, Store, User } from '@meridian/lab-kube-api'
import type { ClusterSpec } from '@meridian/lab-world'
import type { ClusterKind } from '../cluster-kind.ts'
import { inTreeController } from '../load-balancer.ts'
import { buildNode, type MachineRole } from '../nodes.ts'
import { type Component, podsOf } from '../system-pods.ts'
import {
  autoModeClass,
  autoModeController,
  awsController,
  controllerClass,
  withClass,
} from './eks-load-balancers.ts'

export type EksTraits = {
  /** EKS runs the nodes itself. */
  autoMode: boolean
  /** The AWS load balancer controller is installed, and its webhook gives it all new Services. */
  loadBalancerController: boolean
  /** There is a driver for volumes and a class of storage that claims get by default; new clusters have neither. */
  defaultStorageClass: boolean
  authenticate(token: string, store: Store): User | undefined
}

const components: Component[] = [
  { name: 'aws-node', on: 'all', kind: 'daemon', image: 'amazon-k8s-cni:v1.20.4' },
  { name: 'kube-proxy', on: 'all', kind: 'daemon', image: 'eks/kube-proxy:v1.35.0-minimal' },
  { name: 'coredns', on: 'all', kind: 'replicated', image: 'eks/coredns:v1.12.4' },
]
const volumeDriver: Component[] = [
  { name: 'ebs-csi-controller', on: 'all', kind: 'replicated', image: 'eks/aws-ebs-csi-driver' },
  { name: 'ebs-csi-node', on: 'all', kind: 'daemon', image: 'eks/aws-ebs-csi-driver' },
]

/** Clusters that EKS has made, long before the world began. */
export function eksKind(traits: EksTraits): ClusterKind {
  const { autoMode, loadBalancerController, defaultStorageClass, authenticate } = traits
  const given = autoMode ? autoModeClass : loadBalancerController ? controllerClass : undefined
  const pods = defaultStorageClass ? [...components, ...volumeDriver] : components
  return {
    standing: true,
    certificateNames: ({ apiHost }) => [
      apiHost.toLowerCase(),
      'kubernetes',
      'kubernetes.default',
      'kubernetes.default.svc',
      'kubernetes.default.svc.cluster.local',
      '10.100.0.1',
    ],
    seed: () => storageClasses(autoMode, defaultStorageClass),
    node: (spec, entry, index) => eksNode(spec, entry, index, autoMode),
    // In Auto Mode these are processes of the machine.
    systemPods: (entry, random) => (autoMode ? [] : podsOf(pods, entry, random)),
    provisioners: autoMode ? ['ebs.csi.eks.amazonaws.com'] : defaultStorageClass ? ['ebs.csi.aws.com'] : [],
    loadBalancers: [
      inTreeController,
      ...(loadBalancerController ? [awsController] : []),
      ...(autoMode ? [autoModeController] : []),
    ],
    ...(given !== undefined && { amend: (object: KubeObject) => withClass(object, given) }),
    authenticate,
    // Since 1.32 nothing else is open to those who have no credentials.
    isPublic: path => ['/healthz', '/livez', '/readyz'].includes(path),
  }
}

const isDefault = { 'storageclass.kubernetes.io/is-default-class': 'true' }

/** Since 1.30 the class gp2, which EKS makes, is not the default one; Auto Mode has none at all. */
function storageClasses(autoMode: boolean, defaultStorageClass: boolean): KubeObject[] {
  const build = (name: string, provisioner: string, type: string, annotations = {}): KubeObject => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name, annotations },
    provisioner,
    parameters: { type },
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'WaitForFirstConsumer',
  })
  const driver = autoMode ? 'ebs.csi.eks.amazonaws.com' : 'ebs.csi.aws.com'
  return [
    ...(autoMode ? [] : [build('gp2', 'kubernetes.io/aws-ebs', 'gp2')]),
    ...(defaultStorageClass ? [build(autoMode ? 'auto-ebs-sc' : 'gp3', driver, 'gp3', isDefault)] : []),
  ]
}

/** A Node of a managed node group, or of Auto Mode's. */
function eksNode(spec: ClusterSpec, entry: MachineRole, index: number, autoMode: boolean): KubeObject {
  const node = buildNode(spec, entry, index)
  const { metadata, status } = node
  const plain = Object.entries(metadata.labels ?? {}).filter(([key]) => !/^(kops|node-role)\./.test(key))
  const group: Record<string, string> = autoMode
    ? { 'eks.amazonaws.com/compute-type': 'auto', 'karpenter.sh/nodepool': 'general-purpose' }
    : { 'eks.amazonaws.com/capacityType': 'ON_DEMAND', 'eks.amazonaws.com/nodegroup': 'default' }
  const nodeInfo = {
    ...(status as { nodeInfo: object }).nodeInfo,
    containerRuntimeVersion: 'containerd://2.1.5',
    kernelVersion: '6.12.58-82.121.amzn2023.x86_64',
    osImage: autoMode ? 'Bottlerocket (EKS Auto, Standard)' : 'Amazon Linux 2023.9.20251208',
  }
  return {
    ...node,
    metadata: { ...metadata, labels: { ...Object.fromEntries(plain), ...group } },
    status: {
      ...(status as object),
      addresses: [
        { type: 'InternalIP', address: `192.168.7.${17 + index}` },
        { type: 'ExternalIP', address: `198.51.100.${17 + index}` },
        { type: 'InternalDNS', address: metadata.name },
        { type: 'Hostname', address: metadata.name },
      ],
      nodeInfo,
    },
  }
}
