import type { ClusterView } from '@meridian/lab-world'
import type { Flag } from '../flags.ts'
import { ToolError } from '../terminal.ts'
import { applyCluster } from './apply-cluster.ts'
import { type Chosen, wantedTags } from './apply-resources.ts'
import { mixedIn } from './cloud/group-kinds.ts'
import { kindOf } from './cloud/kinds.ts'
import type { Found } from './cloud/read-xml.ts'
import { templateChanges } from './cloud/template-kind.ts'
import { type Cluster, type InstanceGroup, regionOf, roleName } from './cluster-object.ts'
import { checkClusterName, clusterNameOf, type Kops, type KopsCommand, storeOf } from './context.ts'
import { adminFlag, adminOption } from './export-kubeconfig.ts'
import { defaultKubeconfig, hasContext } from './kubeconfig-file.ts'
import { checkDowngrade, checkVersion } from './kubernetes-version.ts'
import { lookAround } from './look-around.ts'
import { mixedChanges } from './mixed-instances.ts'
import { passPoint } from './pass-point.ts'
import { readCluster, readInstanceGroups } from './registry.ts'
import { taskOf } from './run-task.ts'
import { setContext } from './set-context.ts'
import type { StateStore } from './store.ts'
import { makerFor, wantedBase, wantedGroups, wantedSizes, wantedTemplates } from './wanted-resources.ts'

const flags: Flag[] = [
  {
    name: 'yes',
    short: 'y',
    kind: 'flag',
    usage: 'Create cloud resources, without --yes update is in dry run mode',
  },
  adminFlag,
  {
    name: 'allow-kops-downgrade',
    kind: 'flag',
    usage: 'Allow an older version of kOps to update the cluster',
  },
  {
    name: 'create-kube-config',
    kind: 'flag',
    default: 'true',
    usage: 'Will control automatically creating the kube config file',
  },
  {
    name: 'internal',
    kind: 'flag',
    usage: "Use the cluster's internal DNS name. Implies --create-kube-config",
  },
  {
    name: 'user',
    kind: 'text',
    usage: 'Existing user in kubeconfig file to use. Implies --create-kube-config',
  },
  { name: 'lifecycle-overrides', kind: 'list', usage: 'comma separated list of phase overrides' },
  { name: 'out', kind: 'text', usage: 'Path to write any local output' },
  {
    name: 'prune',
    kind: 'flag',
    usage: 'Delete old revisions of cloud resources that were needed during an upgrade',
  },
  { name: 'ssh-public-key', kind: 'text', usage: 'SSH public key to use' },
  { name: 'target', kind: 'text', type: 'target', default: 'direct', usage: 'Target - direct, terraform' },
  { name: 'instance-group', kind: 'list', usage: 'Instance groups to update' },
  { name: 'instance-group-roles', kind: 'list', usage: 'Instance group roles to update' },
  {
    name: 'ignore-kubelet-version-skew',
    kind: 'flag',
    usage: 'Setting this to true will force updating the kubernetes version',
  },
]

/** `kops update cluster` */
export const updateCluster: KopsCommand = {
  name: 'cluster',
  operands: '[CLUSTER]',
  about: 'Update a cluster.',
  flags,
  check: checkClusterName,
  async run(call, kops) {
    const { flags } = call
    const store = await storeOf(call, kops)
    const cluster = await readCluster(store, clusterNameOf(call, kops))
    await runUpdate(kops, store, cluster, {
      yes: flags.on('yes'),
      downgrade: flags.on('allow-kops-downgrade'),
      writeContext: flags.on('create-kube-config') || flags.given('admin') || flags.on('internal'),
      internal: flags.on('internal'),
      user: flags.text('user'),
      roles: flags.list('instance-group-roles'),
      names: flags.list('instance-group'),
      ...adminOption(flags),
    })
  },
}

export type UpdateOptions = {
  yes: boolean
  downgrade?: boolean
  writeContext: boolean
  internal?: boolean
  user?: string
  admin?: number
  /** The instance groups to update, by what they are for; all by default. */
  roles?: readonly string[]
  names?: readonly string[]
}

/** Brings the cloud to what the state store describes; a second run finds nothing to make. */
export async function runUpdate(
  kops: Kops,
  store: StateStore,
  cluster: Cluster,
  options: UpdateOptions,
): Promise<void> {
  const { name } = cluster.metadata
  const groups = await readInstanceGroups(store, name)
  checkGroups(groups)
  if (!options.downgrade) checkDowngrade(await store.read(`${name}/kops-version.txt`))
  checkVersion(cluster.spec.kubernetesVersion, kops)
  const path = defaultKubeconfig(kops.env)
  const known = await hasContext(path, name)
  const nodeVersion = known ? await runningVersion(kops, cluster) : cluster.spec.kubernetesVersion
  const chosen = { groups: chooseGroups(groups, options), nodeVersion }
  if (!options.yes) return preview(kops, cluster, chosen)
  await applyCluster(kops, store, cluster, groups, chosen)
  await passPoint(kops, 'end', name)
  if (options.writeContext) {
    kops.log('I', 'update_cluster.go:338', 'Exporting kubeconfig for cluster')
    await setContext(kops, store, cluster, { ...options, path })
  }
  kops.out(known || !options.writeContext ? applied : starting(name))
}

function checkGroups(groups: readonly InstanceGroup[]): void {
  const complain = (what: string) => new ToolError(`must configure at least one ${what}`)
  if (groups.length === 0) throw complain('InstanceGroup')
  if (!groups.some(({ spec }) => spec.role === 'Master')) throw complain('ControlPlane InstanceGroup')
  if (!groups.some(({ spec }) => spec.role === 'Node')) throw complain('Node InstanceGroup')
}

/** By names, or else by roles, of which kops writes `control-plane` in whatever case. */
export function chooseGroups(
  groups: readonly InstanceGroup[],
  { roles = [], names = [] }: Pick<UpdateOptions, 'roles' | 'names'>,
): readonly InstanceGroup[] {
  if (names.length > 0) return groups.filter(({ metadata }) => names.includes(metadata.name))
  const wanted = roles.map(role => role.toLowerCase().replace('-', ''))
  return groups.filter(group => wanted.length === 0 || wanted.includes(roleName(group).toLowerCase()))
}

// kops asks by the context of its kubeconfig, and goes by what is wanted where there is none.
async function runningVersion(kops: Kops, cluster: Cluster): Promise<string> {
  const { kubernetesVersion } = cluster.spec
  const path = `/_world/clusters/${cluster.metadata.name}`
  const { body } = await kops.cloud(regionOf(cluster)).ask<ClusterView>('GET', path)
  const running = body?.serving ? (body.version ?? kubernetesVersion) : kubernetesVersion
  const numbers = (version: string) => version.split('.').map(Number)
  const [mine, other] = [numbers(running), numbers(kubernetesVersion)]
  const at = mine.findIndex((number, index) => number !== other[index])
  return at >= 0 && (mine[at] ?? 0) < (other[at] ?? 0) ? running : kubernetesVersion
}

async function preview(kops: Kops, cluster: Cluster, { groups, nodeVersion }: Chosen): Promise<void> {
  const make = makerFor(cluster)
  const cloud = kops.cloud(regionOf(cluster))
  const templates = wantedTemplates(groups, cluster, make, [], nodeVersion)
  const scaled = wantedGroups(groups, cluster, make, [])
  const machines = [...templates, ...scaled]
  const wanted = [...wantedBase(cluster, make), ...machines]
  await lookAround(cloud)
  const existing: Found[] = []
  for (const each of wanted) {
    const found = await kindOf(each).find(cloud, each, cluster.metadata.name)
    if (found) existing.push(found)
  }
  const lacking = wanted.filter(
    ({ type, name }) => !existing.some(other => other.type === type && other.name === name),
  )
  const resized = wantedSizes(groups, existing)
  const retagged = wantedTags(wanted, existing)
  const remixed = scaled.flatMap(group => {
    const found = existing.find(({ type, name }) => type === group.type && name === group.name)
    const changes = found ? mixedChanges(mixedIn(found), mixedIn(group)) : []
    return changes.length > 0 ? [{ group, changes }] : []
  })
  const remade = templates.flatMap(template => {
    const found = existing.find(({ type, name }) => type === template.type && name === template.name)
    const changes = found ? templateChanges(found, template) : []
    return changes.length > 0 ? [{ template, changes }] : []
  })
  if (lacking.length + resized.length + retagged.length + remade.length + remixed.length === 0) {
    kops.out('No changes need to be applied\n')
    return
  }
  const made = lacking.map(({ type, name }) => `  ${type}/${name}\n`)
  const changed = resized.map(
    ({ group, size }) =>
      `  AutoscalingGroup/${group.name}\n  \tMinSize             \t ${group.attributes.minSize} -> ${size.minSize}\n  \tMaxSize             \t ${group.attributes.maxSize} -> ${size.maxSize}\n`,
  )
  for (const { resource, tags } of retagged) {
    const line = `  \tTags                \t ${goMap(resource.tags)} -> ${goMap({ ...resource.tags, ...tags })}\n`
    changed.push(`  ${taskOf(resource)}\n${line}\n`)
  }
  for (const { group, changes } of remixed) {
    const lines = changes.map(([field, change]) => `  \t${field.padEnd(20)}\t ${change}\n`)
    changed.push(`  ${taskOf(group)}\n${lines.join('')}\n`)
  }
  for (const { template, changes } of remade) {
    const lines = changes.map(({ field, is, wanted }) =>
      field === 'UserData' ? userDataLines(is, wanted) : `  \t${field.padEnd(20)}\t ${is} -> ${wanted}\n`,
    )
    changed.push(`  ${taskOf(template)}\n${lines.join('')}\n`)
  }
  if (made.length > 0) kops.out(`Will create resources:\n${made.join('')}\n`)
  if (changed.length > 0) kops.out(`Will modify resources:\n${changed.join('')}\n`)
  kops.out('Must specify --yes to apply changes\n')
}

function userDataLines(is: string, wanted: string): string {
  const lines = (text: string) => Buffer.from(text, 'base64').toString().trim().split('\n')
  const [before, after] = [lines(is), lines(wanted)]
  const gone = before.filter(line => !after.includes(line)).map(line => `- ${line}`)
  const come = after.filter(line => !before.includes(line)).map(line => `+ ${line}`)
  const said = ['...', ...come, ...gone].map(line => `                      \t${line}\n`)
  return `  \t${'UserData'.padEnd(20)}\n${said.join('')}`
}

// As Go prints a map: {a: b, c: d}, by key.
function goMap(map: Record<string, string>): string {
  const entries = Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, value]) => `${key}: ${value}`).join(', ')}}`
}

const applied = `Cluster changes have been applied to the cloud.


Changes may require instances to restart: kops rolling-update cluster

`

function starting(name: string): string {
  return `
Cluster is starting.  It should be ready in a few minutes.

Suggestions:
 * validate cluster: kops validate cluster --wait 10m
 * list nodes: kubectl get nodes --show-labels
 * ssh to a control-plane node: ssh -i ~/.ssh/id_rsa ubuntu@api.${name}
 * the ubuntu user is specific to Ubuntu. If not using Ubuntu please use the appropriate user based on your OS.
 * read about installing addons at: https://kops.sigs.k8s.io/addons.

`
}
