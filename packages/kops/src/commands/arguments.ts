/** What every command needs to know of a cluster; a `ClusterDescriptor` is one. */
export type KopsCluster = { readonly fullName: string /** `s3://bucket` */; readonly stateStore: string }

/** All that is asked of a new cluster. */
export type ClusterSpec = KopsCluster & {
  readonly zones: readonly string[]
  readonly kubernetesVersion: string
  readonly controlPlane: Machines
  readonly nodes: Machines & { readonly spot?: boolean }
  readonly networking: string
  readonly topology: 'public' | 'private'
  /** The hosted zone of the API's name; without one the API is reached by the name of its load balancer. */
  readonly dnsZone?: string | undefined
  readonly sshPublicKey?: string | undefined
  /** CIDRs that may reach the API. */
  readonly apiAccess?: readonly string[] | undefined
  /** CIDRs that may reach the machines by SSH; none of them closes it. */
  readonly sshAccess: readonly string[]
  readonly image?: string | undefined
  readonly channel?: string | undefined
  /** ARN of the policy that bounds what the machines' roles may do. */
  readonly permissionsBoundary?: string | undefined
  /** `spec.…=value` pairs. */
  readonly set?: readonly string[] | undefined
  /** Tags of all cloud resources. */
  readonly labels: Readonly<Record<string, string>>
}

/** `size`: an instance type, or several with commas between them, of which Auto Scaling takes any. */
type Machines = { readonly count: number; readonly size: string }

const flag = (name: string, value: string | number) => `--${name}=${value}`
const target = (cluster: KopsCluster) => [flag('name', cluster.fullName), flag('state', cluster.stateStore)]
const duration = (milliseconds: number) => `${Math.max(1, Math.round(milliseconds / 1000))}s`

/** Saves a cluster and builds it. */
export function createArguments(spec: ClusterSpec): string[] {
  return ['create', 'cluster', ...target(spec), ...specArguments(spec), '--yes']
}

/** kops' own dry run: it prints the objects and writes nothing. Without `--dry-run`, leaving out `--yes` still saves them. */
export function dryRunArguments(spec: ClusterSpec): string[] {
  return ['create', 'cluster', ...target(spec), ...specArguments(spec), '--dry-run', '--output=yaml']
}

function specArguments(spec: ClusterSpec): string[] {
  return [
    '--cloud=aws',
    flag('zones', spec.zones.join(',')),
    flag('control-plane-count', spec.controlPlane.count),
    // Without a size kops asks for the offers of each instance type, and warns of each it cannot have.
    flag('control-plane-size', spec.controlPlane.size),
    flag('node-count', spec.nodes.count),
    flag('node-size', spec.nodes.size),
    flag('kubernetes-version', spec.kubernetesVersion),
    flag('networking', spec.networking),
    flag('topology', spec.topology),
    spec.dnsZone === undefined ? '--dns=none' : flag('dns-zone', spec.dnsZone),
    ...(spec.sshPublicKey === undefined ? [] : [flag('ssh-public-key', spec.sshPublicKey)]),
    ...(spec.apiAccess === undefined ? [] : [flag('admin-access', spec.apiAccess.join(','))]),
    // An empty flag would mean the networks that may reach the API.
    spec.sshAccess.length === 0
      ? flag('unset', 'spec.sshAccess')
      : flag('ssh-access', spec.sshAccess.join(',')),
    ...(spec.image === undefined ? [] : [flag('image', spec.image)]),
    ...(spec.channel === undefined ? [] : [flag('channel', spec.channel)]),
    ...(spec.permissionsBoundary === undefined
      ? []
      : [flag('set', `spec.iam.permissionsBoundary=${spec.permissionsBoundary}`)]),
    ...(spec.set ?? []).map(pair => flag('set', pair)),
    flag('cloud-labels', formatLabels(spec.labels)),
  ]
}

/** kops reads this as CSV with `=` for the comma: a value with `=` in it must be quoted, one with `,` is impossible. */
function formatLabels(labels: Readonly<Record<string, string>>): string {
  const quote = (text: string) => (text.includes('=') ? `"${text}"` : text)
  return Object.entries(labels)
    .map(([key, value]) => `${quote(key)}=${quote(value)}`)
    .join(',')
}

/** `lifetime` in milliseconds, of the administrator's certificate that kops makes on the way. */
export function updateArguments(cluster: KopsCluster, lifetime: number): string[] {
  return ['update', 'cluster', ...target(cluster), '--yes', flag('admin', duration(lifetime))]
}

/** Without `--yes` kops only says what it would do; it still writes a kubeconfig, unless told not to. */
export function previewArguments(cluster: KopsCluster): string[] {
  return ['update', 'cluster', ...target(cluster), '--create-kube-config=false']
}

/** What `parseSavedCluster` reads. */
export function getArguments(cluster: KopsCluster, what: 'cluster' | 'instancegroups'): string[] {
  return ['get', what, ...target(cluster), '--output=json']
}

/** With `--set`, kops opens no editor. */
export function resizeArguments(cluster: KopsCluster, group: string, size: number): string[] {
  const sizes = ['minSize', 'maxSize'].map(field => flag('set', `spec.${field}=${size}`))
  return ['edit', 'instancegroup', group, ...target(cluster), ...sizes]
}

/** Saves another version of Kubernetes; machines get it when they are replaced. */
export function versionArguments(cluster: KopsCluster, version: string): string[] {
  return ['edit', 'cluster', ...target(cluster), flag('set', `spec.kubernetesVersion=${version}`)]
}

/** kops puts what it is told to set of a list behind what is there. */
export function machineArguments(
  cluster: KopsCluster,
  { group, field, value, mixed }: MachineEdit,
): string[] {
  const types = 'spec.mixedInstancesPolicy.instances'
  const several = field === 'machineType' && (mixed || value.includes(','))
  return [
    ...['edit', 'instancegroup', group, ...target(cluster)],
    flag('set', `spec.${field}=${field === 'machineType' ? firstType(value) : value}`),
    ...(several && mixed ? [flag('unset', types)] : []),
    ...(several ? [flag('set', `${types}=${value}`)] : []),
  ]
}

/** Another type (or several) or image for the machines of an instance group. */
export type MachineEdit = {
  readonly group: string
  readonly field: 'machineType' | 'image'
  readonly value: string
  /** Whether the group has a policy of several types. */
  readonly mixed?: boolean | undefined
}

/** The type of a group's launch template: kops replaces machines when that changes, and not for further types. */
export const firstType = (size: string): string => size.split(',')[0] ?? ''

/** The control plane first, then the nodes, each updated and then replaced machine by machine. */
export function reconcileArguments(cluster: KopsCluster): string[] {
  return ['reconcile', 'cluster', ...target(cluster), '--yes']
}

/** Which machines are to be replaced by what AWS has; the cluster itself, which may be away, is not asked. */
export function rollsArguments(cluster: KopsCluster): string[] {
  return ['rolling-update', 'cluster', ...target(cluster), '--cloudonly']
}

/** kops knows the field by its own name, not by that of the saved object, and takes one value at a time. */
export function apiAccessArguments(cluster: KopsCluster, cidrs: readonly string[]): string[] {
  const field = 'spec.api.access'
  const values = cidrs.map(cidr => flag('set', `${field}=${cidr}`))
  return ['edit', 'cluster', ...target(cluster), flag('unset', field), ...values]
}

/** One look, without `--wait`: with it kops prints one object per attempt and nothing between them. */
export function validateArguments(cluster: KopsCluster): string[] {
  return ['validate', 'cluster', ...target(cluster), '--output=json']
}

/** `--admin` takes its value only after `=`: a separate word would be a second cluster name. */
export function exportArguments(cluster: KopsCluster, lifetime: number, file: string): string[] {
  return [
    'export',
    'kubeconfig',
    ...target(cluster),
    flag('admin', duration(lifetime)),
    flag('kubeconfig', file),
  ]
}

/** `wait` in milliseconds: kops' own deadline for all of it. */
export function deleteArguments(cluster: KopsCluster, wait: number): string[] {
  return ['delete', 'cluster', ...target(cluster), '--yes', flag('wait', duration(wait)), '--interval=10s']
}

/** Saves the objects of a file, whether they are there or not, and builds nothing. */
export function replaceArguments(cluster: KopsCluster, file: string): string[] {
  return ['replace', ...target(cluster), flag('filename', file), '--force']
}
