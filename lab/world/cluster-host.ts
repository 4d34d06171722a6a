export type Machine = {
  /** Of its Node; also of the instance, unless that has a name of its own. */
  name: string
  id?: string
  zone: string
  size: string
  /** Of the Kubernetes that it was launched with, where that is not the cluster's first one. */
  version?: string
}

/** What the cluster tool asks the world to start. */
export type ClusterSpec = {
  /** Full name: `usa.k8s.example.com`. */
  name: string
  /** The account that its machines are in; the main one by default. */
  account?: string
  region: string
  /** Where its state lies, which its control plane reads: `s3://bucket/name`. */
  configBase?: string
  /** Where it is not found by the cluster's tags. */
  vpcId?: string
  controlPlanes: Machine[]
  nodes: Machine[]
  /** Without the `v`: `1.35.7`. */
  kubernetesVersion: string
  /** Name of the load balancer in front of the API. */
  apiHost: string
  /** PEM of the cluster's own certificate authority. */
  authority: { certificate: string; key: string }
  /** PEM of all authorities that clients are told to trust, where these are more than its own. */
  bundle?: string
}

/** What a validation of the cluster sees. */
export type ClusterView = {
  name: string
  apiHost: string
  /** PEM of the authority that the running API's certificate comes from. */
  authority?: string
  /** The API's name is known. */
  resolves: boolean
  serving: boolean
  nodes: {
    name: string
    zone: string
    role: 'control-plane' | 'node'
    hostname: string
    status: 'True' | 'False' | 'absent'
  }[]
  /** Of the API server, without the `v`. */
  version?: string
  pending: { type: 'Node' | 'Pod' | 'Machine'; name: string; message: string }[]
}

export type ClusterHost = {
  start(spec: ClusterSpec): Promise<void>
  /** Clusters of one name can live in different accounts; without one the main account's is meant. */
  view(name: string, account?: string): ClusterView | undefined
  /** Cordons a node and evicts what it can from it: the pods that are gone, and those that a budget protects. */
  drain(name: string, node: string, account?: string): { evicted: string[]; refused: string[] }
  stop(name: string, account?: string): Promise<void>
  stopAll(): Promise<void>
}
