export type Machine = { name: string; zone: string; size: string }

/** What the cluster tool asks the world to start. */
export type ClusterSpec = {
  /** Full name: `usa.k8s.example.com`. */
  name: string
  /** The account that its machines are in; the main one by default. */
  account?: string
  region: string
  controlPlanes: Machine[]
  nodes: Machine[]
  /** Without the `v`: `1.35.7`. */
  kubernetesVersion: string
  /** Name of the load balancer in front of the API. */
  apiHost: string
  /** PEM of the cluster's own certificate authority. */
  authority: { certificate: string; key: string }
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
  pending: { type: 'Node' | 'Pod' | 'Machine'; name: string; message: string }[]
}

export type ClusterHost = {
  start(spec: ClusterSpec): Promise<void>
  /** Clusters of one name can live in different accounts; without one the main account's is meant. */
  view(name: string, account?: string): ClusterView | undefined
  stop(name: string, account?: string): Promise<void>
  stopAll(): Promise<void>
}
