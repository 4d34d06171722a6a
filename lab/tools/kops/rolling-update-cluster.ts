import type { ClusterView } from '@meridian/lab-world'
import type { Flag, Flags } from '../flags.ts'
import { tabTable } from '../table.ts'
import { ToolError } from '../terminal.ts'
import { type CloudGroup, findCloudGroups } from './cloud-groups.ts'
import { type Cluster, type InstanceGroup, regionOf } from './cluster-object.ts'
import { checkClusterName, clusterNameOf, type Kops, type KopsCommand, storeOf } from './context.ts'
import { readCluster, readInstanceGroups } from './registry.ts'
import { type RollSettings, rollGroups } from './roll-group.ts'
import { apiHost } from './set-context.ts'
import type { StateStore } from './store.ts'
import { chooseGroups } from './update-cluster.ts'

const flags: Flag[] = [
  {
    name: 'yes',
    short: 'y',
    kind: 'flag',
    usage: 'Perform rolling update immediately; without --yes rolling-update executes a dry-run',
  },
  { name: 'force', kind: 'flag', usage: 'Force rolling update, even if no changes' },
  {
    name: 'cloudonly',
    kind: 'flag',
    usage: 'Perform rolling update without validating cluster status (will cause downtime)',
  },
  { name: 'admin', kind: 'duration', default: '18h0m0s', usage: 'a cluster admin user credential' },
  duration('validation-timeout', '15m0s', 'Maximum time to wait for a cluster to validate'),
  duration('drain-timeout', '15m0s', 'Maximum time to wait for a node to drain'),
  duration('control-plane-interval', '15s', 'Time to wait between restarting control plane nodes'),
  duration('node-interval', '15s', 'Time to wait between restarting worker nodes'),
  duration('post-drain-delay', '5s', 'Time to wait after draining each node'),
  {
    name: 'validate-count',
    kind: 'number',
    default: '2',
    usage: 'Number of times that a cluster needs to be validated after single node update',
  },
  { name: 'instance-group', kind: 'list', usage: 'Instance groups to update (defaults to all)' },
  { name: 'instance-group-roles', kind: 'list', usage: 'Instance group roles to update' },
]

function duration(name: string, value: string, usage: string): Flag {
  return { name, kind: 'duration', default: value, usage }
}

/** `kops rolling-update cluster` */
export const rollingUpdateCluster: KopsCommand = {
  name: 'cluster',
  operands: '[CLUSTER]',
  about: 'Rolling update a cluster.',
  flags,
  check: checkClusterName,
  async run(call, kops) {
    const { flags: given } = call
    const store = await storeOf(call, kops)
    const cluster = await readCluster(store, clusterNameOf(call, kops))
    await runRollingUpdate(kops, store, cluster, {
      yes: given.on('yes'),
      force: given.on('force'),
      cloudOnly: given.on('cloudonly'),
      roles: given.list('instance-group-roles'),
      names: given.list('instance-group'),
      ...settingsOf(given),
    })
  },
}

function settingsOf(given: Flags): RollSettings {
  return {
    validationTimeout: given.duration('validation-timeout'),
    validateCount: given.number('validate-count'),
    drainTimeout: given.duration('drain-timeout'),
    postDrainDelay: given.duration('post-drain-delay'),
    controlPlaneInterval: given.duration('control-plane-interval'),
    nodeInterval: given.duration('node-interval'),
  }
}

/** What `kops reconcile` rolls with. */
export const usualSettings: RollSettings = {
  validationTimeout: 900_000,
  validateCount: 2,
  drainTimeout: 900_000,
  postDrainDelay: 5_000,
  controlPlaneInterval: 15_000,
  nodeInterval: 15_000,
}

export type RollOptions = RollSettings & {
  yes: boolean
  force?: boolean
  /** Without a word from the cluster itself. */
  cloudOnly?: boolean
  roles?: readonly string[]
  names?: readonly string[]
}

/** Replaces the machines that were launched by an older version of their template, group by group. */
export async function runRollingUpdate(
  kops: Kops,
  store: StateStore,
  cluster: Cluster,
  options: RollOptions,
): Promise<void> {
  const nodes = options.cloudOnly ? [] : await listNodes(kops, cluster)
  const all = await readInstanceGroups(store, cluster.metadata.name)
  const unknown = (options.names ?? []).find(name => all.every(({ metadata }) => metadata.name !== name))
  if (unknown !== undefined) throw new ToolError(`InstanceGroup ${JSON.stringify(unknown)} not found`)
  const groups = await findCloudGroups(kops, cluster, chooseGroups(all, options), nodes)
  kops.out(printGroups(groups, options.cloudOnly === true))
  const due = groups.some(({ needUpdate }) => needUpdate.length > 0)
  if (!due && !options.force) return kops.out('\nNo rolling-update required.\n')
  if (!options.yes) return kops.out('\nMust specify --yes to rolling-update.\n')
  const work = { kops, store, cluster, all, settings: options, force: options.force === true }
  await rollGroups({ ...work, cloudOnly: options.cloudOnly === true }, groups)
}

async function listNodes(kops: Kops, cluster: Cluster): Promise<ClusterView['nodes']> {
  const { name } = cluster.metadata
  const { body } = await kops.cloud(regionOf(cluster)).ask<ClusterView>('GET', `/_world/clusters/${name}`)
  if (body?.serving) return body.nodes
  kops.err('Unable to reach the kubernetes API.\n')
  kops.err('Use --cloudonly to do a rolling-update without confirming progress with the k8s API\n\n')
  const host = (await apiHost(kops, cluster)) ?? `api.${name}`
  const why = body?.resolves
    ? 'dial tcp: connect: connection refused'
    : `dial tcp: lookup ${host}: no such host`
  throw new ToolError(`error listing nodes in cluster: Get "https://${host}/api/v1/nodes": ${why}`)
}

function printGroups(groups: readonly CloudGroup[], cloudOnly: boolean): string {
  const heading = ['NAME', 'STATUS', 'NEEDUPDATE', 'READY', 'MIN', 'TARGET', 'MAX', 'NODES']
  const rows = groups.map(({ group, ready, needUpdate, minSize, targetSize, maxSize }) => [
    nameOf(group),
    needUpdate.length === 0 ? 'Ready' : 'NeedsUpdate',
    ...[needUpdate.length, ready.length, minSize, targetSize, maxSize].map(String),
    `${[...ready, ...needUpdate].filter(({ joined }) => joined).length}`,
  ])
  const shown = cloudOnly ? -1 : undefined
  return tabTable([heading, ...rows.sort()].map(row => row.slice(0, shown)))
}

const nameOf = ({ metadata }: InstanceGroup) => metadata.name
