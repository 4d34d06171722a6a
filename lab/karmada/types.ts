/** Shapes of Karmada's API as far as the lab's controllers read them; unknown fields pass through untouched. */
export type LabelSelector = {
  matchLabels?: Record<string, string>
  matchExpressions?: Requirement[]
}
export type Requirement = { key: string; operator: string; values?: string[] }

export type ClusterAffinity = {
  clusterNames?: string[]
  exclude?: string[]
  labelSelector?: LabelSelector
  fieldSelector?: { matchExpressions?: Requirement[] }
}

export type Taint = { key: string; value?: string; effect: string; timeAdded?: string }
export type Toleration = { key?: string; operator?: string; value?: string; effect?: string }

type StaticWeight = { targetCluster?: ClusterAffinity; weight: number }

export type ReplicaScheduling = {
  replicaSchedulingType?: 'Duplicated' | 'Divided'
  replicaDivisionPreference?: 'Aggregated' | 'Weighted'
  weightPreference?: { staticWeightList?: StaticWeight[]; dynamicWeight?: 'AvailableReplicas' }
}

export type SpreadConstraint = {
  spreadByField?: 'cluster' | 'region' | 'zone' | 'provider'
  minGroups?: number
  maxGroups?: number
}

export type Placement = {
  clusterAffinity?: ClusterAffinity
  clusterAffinities?: ({ affinityName: string } & ClusterAffinity)[]
  clusterTolerations?: Toleration[]
  replicaScheduling?: ReplicaScheduling
  spreadConstraints?: SpreadConstraint[]
}

export type ResourceSelector = {
  apiVersion: string
  kind: string
  namespace?: string
  name?: string
  labelSelector?: LabelSelector
}

export type TargetCluster = { name: string; replicas?: number }

/** What scheduling looks at in a Cluster; `free(requests)` is how many more such pods its nodes hold. */
export type Candidate = {
  name: string
  labels: Record<string, string>
  region?: string
  zones: string[]
  provider?: string
  taints: Taint[]
  terminating: boolean
  /** The workload is being driven out of it. */
  evicting?: boolean
  enables(apiVersion: string, kind: string): boolean
  free(): number
}

export type AggregatedStatusItem = {
  clusterName: string
  applied?: boolean
  appliedMessage?: string
  health?: 'Healthy' | 'Unhealthy' | 'Unknown'
  status?: Record<string, unknown>
}
