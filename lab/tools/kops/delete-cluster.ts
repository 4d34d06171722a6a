import type { Flag } from '../flags.ts'
import { tabTable } from '../table.ts'
import { ToolError } from '../terminal.ts'
import { explaining } from './apply-resources.ts'
import { type Cluster, regionOf } from './cluster-object.ts'
import { checkClusterName, clusterNameOf, type Kops, type KopsCommand, storeOf } from './context.ts'
import { type DeletionLimits, deleteResources } from './delete-resources.ts'
import { type Doomed, planDeletion } from './deletion-plan.ts'
import { openDns, recordNames } from './dns-records.ts'
import { defaultKubeconfig, removeContext } from './kubeconfig-file.ts'
import { listResources } from './list-resources.ts'
import { lookAround } from './look-around.ts'
import { passPoint } from './pass-point.ts'
import { readCluster } from './registry.ts'
import { unregister } from './unregister.ts'

const flags: Flag[] = [
  { name: 'yes', short: 'y', kind: 'flag', usage: 'Specify --yes to delete the cluster' },
  {
    name: 'wait',
    kind: 'duration',
    default: '10m0s',
    usage: 'Amount of time to wait for the cluster resources to de deleted',
  },
  {
    name: 'interval',
    kind: 'duration',
    default: '10s',
    usage: 'Time in duration to wait between deletion attempts',
  },
  {
    name: 'count',
    kind: 'number',
    usage: 'Number of consecutive failures to make progress deleting the cluster resources',
  },
  { name: 'unregister', kind: 'flag', usage: "Don't delete cloud resources, just unregister the cluster" },
  { name: 'external', kind: 'flag', usage: 'Delete an external cluster' },
  { name: 'region', kind: 'text', usage: "External cluster's cloud region" },
]

/** `kops delete cluster` */
export const deleteCluster: KopsCommand = {
  name: 'cluster',
  operands: '[CLUSTER]',
  about: 'Delete a cluster.',
  flags,
  check: checkClusterName,
  async run(call, kops) {
    const { flags } = call
    if (flags.on('external')) throw new ToolError('--external does not work in this version of kops')
    const store = await storeOf(call, kops)
    const name = clusterNameOf(call, kops)
    const cluster = await readCluster(store, name)
    const limits = {
      wait: flags.duration('wait'),
      interval: flags.duration('interval'),
      count: flags.number('count'),
    }
    if (
      !flags.on('unregister') &&
      (await deleteFromCloud(kops, cluster, flags.on('yes'), limits)) === 'asked'
    )
      return
    if (!flags.on('yes')) return kops.out('\nMust specify --yes to unregister the cluster\n')
    await passPoint(kops, 'delete-cloud', name)
    await unregister(store, name)
    await passPoint(kops, 'delete-state', name)
    if (await removeContext(defaultKubeconfig(kops.env), name))
      kops.out(`Deleted kubectl config for ${name}\n`)
    kops.out(`\nDeleted cluster: ${JSON.stringify(name)}\n`)
  },
}

async function deleteFromCloud(
  kops: Kops,
  cluster: Cluster,
  yes: boolean,
  limits: DeletionLimits,
): Promise<'asked' | 'empty' | 'deleted'> {
  const { name } = cluster.metadata
  kops.log('I', 'delete_cluster.go:143', 'Looking for cloud resources to delete')
  const cloud = kops.cloud(regionOf(cluster))
  await lookAround(cloud)
  const doomed = planDeletion(await explaining('error listing resources', listResources(cloud, name)))
  const records = await listRecords(kops, cluster)
  if (doomed.length + records.length === 0) {
    kops.out('No cloud resources to delete\n')
    return 'empty'
  }
  kops.out(`${tabTable([['TYPE', 'NAME', 'ID'], ...[...doomed, ...records].map(row)])}\n`)
  if (!yes) {
    kops.out('Must specify --yes to delete cluster\n')
    return 'asked'
  }
  await passPoint(kops, 'delete-start', name)
  await removeRecords(kops, cluster, records)
  // The machines stop answering with the first of them; waiting for the last would leave a cluster that nobody sees.
  await cloud.ask('DELETE', `/_world/clusters/${name}`)
  await deleteResources(kops, doomed, limits, {
    cloud,
    whenGone: () => passPoint(kops, 'delete-resource', name),
  })
  return 'deleted'
}

type Row = Pick<Doomed, 'type' | 'name' | 'id'>

const row = ({ type, name, id }: Row) => [type, name, id]

async function listRecords(kops: Kops, cluster: Cluster): Promise<Row[]> {
  if (cluster.spec.topology.dns.type === 'None') return []
  const dns = await openDns(kops.env, cluster)
  const names = recordNames(cluster.metadata.name)
  const found = await Promise.all(names.map(async name => ((await dns.read(name)).length > 0 ? [name] : [])))
  return found.flat().map(name => ({ type: 'route53-record', name: `${name}.`, id: `${name}.` }))
}

async function removeRecords(kops: Kops, cluster: Cluster, records: readonly Row[]): Promise<void> {
  if (records.length === 0) return
  const dns = await openDns(kops.env, cluster)
  for (const { id } of records) {
    await dns.remove(id.slice(0, -1))
    kops.out(`route53-record:${id}\tok\n`)
  }
}
