import type { ApiServerOptions, KubeObject, Store, User } from '@meridian/lab-kube-api'
import type { ClusterSpec } from '@meridian/lab-world'
import { inTreeController, type LoadBalancerController } from './load-balancer.ts'
import { buildNode, type MachineRole } from './nodes.ts'
import { seedObjects } from './seed-objects.ts'
import { buildSystemPods } from './system-pods.ts'

/** In what clusters differ by who has made them. */
export type ClusterKind = {
  /** Has been there before the world began: it serves at once, and its machines run. */
  standing: boolean
  /** Of its API; 443 where that stands behind a load balancer. */
  apiPort?: number
  /** What the certificate of its API is for. */
  certificateNames(spec: ClusterSpec): string[]
  /** Objects that are in it from the beginning. */
  seed(spec: ClusterSpec): KubeObject[]
  /** A Node as the kubelet of a machine registers it, not ready yet. */
  node(spec: ClusterSpec, entry: MachineRole, index: number): KubeObject
  /** The pods of the system on a machine, pending. */
  systemPods(entry: MachineRole, random: () => number): KubeObject[]
  /** The provisioners of storage classes that run in it. */
  provisioners: readonly string[]
  /** What makes load balancers for its Services. */
  loadBalancers: readonly LoadBalancerController[]
  /** What a webhook of the cluster makes of objects that are being created. */
  amend?(object: KubeObject): KubeObject
  /** Whom a token stands for that is none of a service account's. */
  authenticate?(token: string, store: Store): User | undefined
  isPublic?: ApiServerOptions['isPublic']
}

/** Clusters as kops makes them. */
export const kopsKind: ClusterKind = {
  standing: false,
  certificateNames: ({ apiHost, name }) => [
    apiHost,
    `api.internal.${name}`,
    'kubernetes.default.svc',
    'localhost',
    '127.0.0.1',
  ],
  seed: seedObjects,
  node: buildNode,
  systemPods: buildSystemPods,
  provisioners: ['ebs.csi.aws.com'],
  loadBalancers: [inTreeController],
}
