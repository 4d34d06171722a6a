/** A cluster as its `config` file in the state store describes it (kops.k8s.io/v1alpha2). */
export type Cluster = {
  apiVersion: 'kops.k8s.io/v1alpha2'
  kind: 'Cluster'
  metadata: { creationTimestamp: string | null; name: string }
  spec: ClusterFields
}

export type ClusterFields = {
  api: {
    dns?: Record<string, never>
    loadBalancer?: { class: string; type: string }
    [field: string]: unknown
  }
  channel: string
  cloudLabels?: Record<string, string>
  cloudProvider: string
  configBase: string
  dnsZone?: string
  kubernetesVersion: string
  networkCIDR: string
  networking: Record<string, unknown>
  subnets: Subnet[]
  topology: { dns: { type: 'None' | 'Public' | 'Private' } }
  [field: string]: unknown
}

export type Subnet = { cidr: string; name: string; type: string; zone: string }

/** A group of equal machines. v1alpha2 still says `Master` for control-plane machines. */
export type InstanceGroup = {
  apiVersion: 'kops.k8s.io/v1alpha2'
  kind: 'InstanceGroup'
  metadata: { creationTimestamp: string | null; labels: Record<string, string>; name: string }
  spec: {
    image: string
    machineType: string
    maxSize: number
    minSize: number
    role: 'Master' | 'Node'
    subnets: string[]
    [field: string]: unknown
  }
}

/** The AWS region: the zone of the first subnet without its letter. */
export function regionOf(cluster: Cluster): string {
  return cluster.spec.subnets[0]?.zone.slice(0, -1) ?? ''
}

/** The word that kops shows for a group's role. */
export function roleName(group: InstanceGroup): 'ControlPlane' | 'Node' {
  return group.spec.role === 'Master' ? 'ControlPlane' : 'Node'
}

/** A row of the tables of instance groups, which differ in their last heading only. */
export function groupRow(group: InstanceGroup): string[] {
  const { machineType, minSize, maxSize, subnets } = group.spec
  return [group.metadata.name, roleName(group), machineType, `${minSize}`, `${maxSize}`, subnets.join(',')]
}
