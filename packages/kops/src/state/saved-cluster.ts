import { parseAllDocuments } from 'yaml'

/** What of a cluster in a state store can differ from what is asked for. */
export type SavedCluster = {
  /** Of its machines. */
  readonly zones: readonly string[]
  readonly kubernetesVersion: string
  /** As in kops' `--networking`. */
  readonly networking: string
  readonly topology: 'public' | 'private'
  readonly dns: string
  /** CIDRs. */
  readonly apiAccess: readonly string[]
  /** CIDRs. */
  readonly sshAccess: readonly string[]
  readonly channel: string
  /** ARN of the policy that bounds the machines' roles; '' without one. */
  readonly permissionsBoundary: string
  /** Tags of its cloud resources. */
  readonly labels: Readonly<Record<string, string>>
  readonly groups: readonly SavedGroup[]
}

export type SavedGroup = {
  readonly name: string
  readonly role: 'control-plane' | 'node' | 'other'
  /** Its instance type; of several, which have commas between them, Auto Scaling takes any. */
  readonly size: string
  /** Whether it has a policy of several types, or of spot machines. */
  readonly mixed?: boolean
  /** Whether all its machines are spot machines. */
  readonly spot?: boolean
  readonly image: string
  readonly min: number
  readonly max: number
  readonly zones: readonly string[]
}

type Subnet = { name: string; zone: string; type: string }
type ClusterObject = {
  spec: {
    kubernetesVersion?: string
    kubernetesApiAccess?: string[]
    sshAccess?: string[]
    channel?: string
    iam?: { permissionsBoundary?: string }
    cloudLabels?: Record<string, string>
    networking?: Record<string, { etcdManaged?: boolean } | null>
    subnets?: Subnet[]
    topology?: { dns?: { type?: string } }
  }
}
type GroupObject = {
  metadata: { name: string }
  spec: {
    role: string
    machineType?: string
    image?: string
    minSize?: number
    maxSize?: number
    maxPrice?: string
    mixedInstancesPolicy?: MixedPolicy
    subnets?: string[]
  }
}
type MixedPolicy = {
  instances?: string[]
  instanceRequirements?: object
  onDemandBase?: number
  onDemandAboveBase?: number
}

/** v1alpha2 still says `Master`; its successors will not. */
const roles: Record<string, SavedGroup['role']> = {
  Master: 'control-plane',
  ControlPlane: 'control-plane',
  Node: 'node',
}
/** kops' name of a kind of networking in an object, where it is not the flag's. */
const networkings: Record<string, string> = { kuberouter: 'kube-router' }

/** Reads what `kops get cluster` and `kops get instancegroups` print with `--output=json`. */
export function parseSavedCluster(clusterJson: string, groupsJson: string): SavedCluster {
  const { spec } = JSON.parse(clusterJson) as ClusterObject
  const groups = [JSON.parse(groupsJson) as GroupObject | GroupObject[]].flat()
  const subnets = (spec.subnets ?? []).filter(({ type }) => type !== 'Utility')
  const zoneOf = (name: string) => subnets.find(subnet => subnet.name === name)?.zone ?? name
  return {
    zones: distinct(subnets.map(({ zone }) => zone)),
    kubernetesVersion: (spec.kubernetesVersion ?? '').replace(/^v/, ''),
    networking: nameNetworking(spec.networking ?? {}),
    topology: subnets.some(({ type }) => type === 'Private') ? 'private' : 'public',
    dns: (spec.topology?.dns?.type ?? 'Public').toLowerCase(),
    apiAccess: spec.kubernetesApiAccess ?? [],
    sshAccess: spec.sshAccess ?? [],
    channel: spec.channel ?? '',
    permissionsBoundary: spec.iam?.permissionsBoundary ?? '',
    labels: spec.cloudLabels ?? {},
    groups: groups.map(group => ({
      name: group.metadata.name,
      role: roles[group.spec.role] ?? 'other',
      ...machinesOf(group.spec),
      image: group.spec.image ?? '',
      min: group.spec.minSize ?? 1,
      max: group.spec.maxSize ?? 1,
      zones: distinct((group.spec.subnets ?? []).map(zoneOf)),
    })),
  }
}

/** Without a policy, a highest price makes spot machines; with one, its shares do (AWS' own: all on demand). */
function machinesOf({
  machineType = '',
  maxPrice,
  mixedInstancesPolicy: policy,
}: GroupObject['spec']): Pick<SavedGroup, 'size' | 'mixed' | 'spot'> {
  if (policy === undefined) return { size: machineType, ...(maxPrice !== undefined && { spot: true }) }
  const { instances = [], instanceRequirements, onDemandBase = 0, onDemandAboveBase = 100 } = policy
  const several = instances.length > 0 ? instances.join(',') : machineType
  const isSpot = onDemandBase === 0 && onDemandAboveBase === 0
  return { size: instanceRequirements ? '' : several, mixed: true, ...(isSpot && { spot: true }) }
}

/** Names of the instance groups among the objects that kops prints as YAML. */
export function parseGroupNames(yaml: string): string[] {
  return parseAllDocuments(yaml)
    .map(document => document.toJS() as { kind?: string; metadata?: { name?: string } } | null)
    .flatMap(object => (object?.kind === 'InstanceGroup' ? (object.metadata?.name ?? []) : []))
}

function nameNetworking(networking: NonNullable<ClusterObject['spec']['networking']>): string {
  const [kind, settings] = Object.entries(networking)[0] ?? ['', null]
  if (kind === 'cilium' && settings?.etcdManaged) return 'cilium-etcd'
  return networkings[kind] ?? kind
}

const distinct = (names: readonly string[]) => [...new Set(names)].sort()
