import type { ApiServerOptions, KubeObject, Store, User } from '@meridian/lab-kube-api'
import type { ClusterSpec } from '@meridian/lab-world'
import type { LoadBalancerController } from './load-balancer-controller.ts'
import type { MachineRole } from './nodes.ts'

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
