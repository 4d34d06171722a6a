import { readFile } from 'node:fs/promises'
import type { Call } from '../command.ts'
import { ToolError } from '../terminal.ts'
import { type Cluster, type InstanceGroup, regionOf } from './cluster-object.ts'
import { checkClusterName, clusterNameOf, type Kops, type KopsCommand, storeOf } from './context.ts'
import { createFlags } from './create-flags.ts'
import { judgeVersion } from './kubernetes-version.ts'
import { lookAround } from './look-around.ts'
import { passPoint } from './pass-point.ts'
import { planCluster } from './plan-cluster.ts'
import { planInstanceGroups } from './plan-instance-groups.ts'
import { findCluster, toYaml } from './registry.ts'
import type { StateStore } from './store.ts'
import { runUpdate } from './update-cluster.ts'
import { checkZones } from './zones.ts'

const adminLifetime = 18 * 3_600_000

/** `kops create cluster` */
export const createCluster: KopsCommand = {
  name: 'cluster',
  operands: '[CLUSTER]',
  about: 'Create a Kubernetes cluster.',
  flags: createFlags,
  check: checkClusterName,
  async run(call, kops) {
    const { flags } = call
    if (flags.on('dry-run') && flags.text('output') === '') {
      throw new ToolError('unable to execute --dry-run without setting --output')
    }
    const store = await storeOf(call, kops)
    const name = clusterNameOf(call, kops)
    if (await findCluster(store, name)) {
      throw new ToolError(`cluster "${name}" already exists; use 'kops update cluster' to apply changes`)
    }
    const plan = await planCreation(call, kops, name, store.base)
    if (flags.on('dry-run')) return printPlan(kops, flags.text('output'), plan)
    await writeSpec(kops, store, plan)
    if (flags.on('yes')) {
      await runUpdate(kops, store, plan.cluster, { yes: true, writeContext: true, admin: adminLifetime })
    } else kops.out(configured(name))
  },
}

type Plan = { cluster: Cluster; groups: InstanceGroup[]; sshKey?: string }

async function planCreation({ flags }: Call, kops: Kops, name: string, base: string): Promise<Plan> {
  const cloud = flags.text('cloud') || 'aws'
  if (cloud !== 'aws') throw new ToolError(`unsupported cloud provider ${JSON.stringify(cloud)}`)
  kops.log('I', 'new_cluster.go:1425', `Cloud Provider ID: ${JSON.stringify(cloud)}`)
  const keyFile = flags.text('ssh-public-key')
  const sshKey = keyFile === '' ? undefined : await readKey(keyFile)
  const cluster = planCluster(name, base, flags)
  const version = judgeVersion(cluster.spec.kubernetesVersion, kops.env)
  // An unsupported version passes here and is refused only by the update, after the spec has been written.
  if (version.kind === 'refused' && version.notice === '') throw new ToolError(version.message)
  checkZones(flags.list('zones'))
  const groups = planInstanceGroups(name, flags)
  await lookAround(kops.cloud(regionOf(cluster)))
  for (const { cidr, name: subnet } of cluster.spec.subnets) {
    kops.log('I', 'subnets.go:224', `Assigned CIDR ${cidr} to subnet ${subnet}`)
  }
  return { cluster, groups, ...(sshKey !== undefined && { sshKey }) }
}

async function readKey(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => {
    throw new ToolError(
      `error reading SSH key file ${JSON.stringify(path)}: open ${path}: no such file or directory`,
    )
  })
}

// In kops' own order: what is there after a kill tells which step it was in.
async function writeSpec(kops: Kops, store: StateStore, { cluster, groups, sshKey }: Plan): Promise<void> {
  const { name } = cluster.metadata
  await passPoint(kops, 'start', name)
  await store.write(`${name}/config`, toYaml(cluster))
  await passPoint(kops, 'config', name)
  for (const group of groups) {
    await store.write(`${name}/instancegroup/${group.metadata.name}`, toYaml(group))
    await passPoint(kops, 'instance-group', name)
  }
  await store.write(`${name}/clusteraddons/default`, '')
  if (sshKey !== undefined) await store.write(`${name}/pki/ssh/public/admin/default`, sshKey)
}

function printPlan(kops: Kops, format: string, { cluster, groups, sshKey }: Plan): void {
  const labels = { 'kops.k8s.io/cluster': cluster.metadata.name }
  const key = {
    apiVersion: 'kops.k8s.io/v1alpha2',
    kind: 'SSHCredential',
    metadata: { creationTimestamp: null, labels, name: 'admin' },
    spec: { publicKey: sshKey?.trim() },
  }
  const objects = [cluster, ...groups, ...(sshKey === undefined ? [] : [key])]
  if (format === 'yaml') kops.out(objects.map(toYaml).join('\n---\n\n'))
  else if (format === 'json') kops.out(`${JSON.stringify(objects)}\n`)
  else throw new ToolError(`unsupported output type ${JSON.stringify(format)}`)
}

function configured(name: string): string {
  return `
Cluster configuration has been created.

Suggestions:
 * list clusters with: kops get cluster
 * edit this cluster with: kops edit cluster ${name}
 * edit your node instance group: kops edit ig --name=${name} nodes
 * edit your control-plane instance group: kops edit ig --name=${name} control-plane

Finally configure your cluster with: kops update cluster --name ${name} --yes --admin

`
}
