import type { Call } from '../command.ts'
import type { Flag } from '../flags.ts'
import { tabTable } from '../table.ts'
import { ToolError } from '../terminal.ts'
import { type Cluster, groupRow, type InstanceGroup } from './cluster-object.ts'
import { checkClusterName, clusterNameOf, type Kops, type KopsCommand, storeOf } from './context.ts'
import { findCluster, listClusters, notFound, readInstanceGroups, toYaml } from './registry.ts'

/** `--output` of all `kops get` commands. */
export const outputFlag: Flag = {
  name: 'output',
  short: 'o',
  kind: 'text',
  default: 'table',
  usage: 'output format. One of: table, yaml, json',
}

/** `kops get clusters` */
export const getClusters: KopsCommand = {
  name: 'clusters',
  aliases: ['cluster'],
  operands: '[CLUSTER]...',
  about: 'Get one or many clusters.',
  flags: [{ name: 'full', kind: 'flag', usage: 'Show fully populated configuration' }],
  async run(call, kops) {
    const store = await storeOf(call, kops)
    const warn = (message: string) => kops.log('W', 'cluster.go:85', message)
    const names = [...call.args, ...[call.flags.text('name')].filter(Boolean)]
    const clusters = names.length === 0 ? await listClusters(store, warn) : await Promise.all(names.map(get))
    if (clusters.length === 0) throw new ToolError('no clusters found')
    // One named cluster is printed as an object, everything else as a list.
    print(call, kops, clusters, names.length === 1, clusterTable)

    async function get(name: string): Promise<Cluster> {
      const cluster = await findCluster(store, name)
      if (!cluster) throw new ToolError(`cluster not found ${JSON.stringify(name)}`)
      return cluster
    }
  },
}

/** `kops get instancegroups` */
export const getInstanceGroups: KopsCommand = {
  name: 'instancegroups',
  aliases: ['instancegroup', 'ig'],
  operands: '[INSTANCE_GROUP]...',
  about: 'Get one or many instance groups.',
  // Positional arguments are groups here: the cluster comes from the flag or the environment.
  check: (_args, flags, env) => checkClusterName([], flags, env),
  async run(call, kops) {
    const name = clusterNameOf({ ...call, args: [] }, kops)
    const store = await storeOf(call, kops)
    if (!(await findCluster(store, name))) {
      throw new ToolError(`error fetching cluster ${JSON.stringify(name)}: ${notFound(name)}`)
    }
    const all = await readInstanceGroups(store, name)
    const groups = all.filter(({ metadata }) => call.args.length === 0 || call.args.includes(metadata.name))
    const missing = call.args.find(wanted => !groups.some(({ metadata }) => metadata.name === wanted))
    if (missing !== undefined) throw new ToolError(`instancegroup not found ${JSON.stringify(missing)}`)
    if (groups.length === 0) throw new ToolError('no InstanceGroup objects found')
    print(call, kops, groups, call.args.length === 1, groupTable)
  },
}

function print<T>(
  { flags }: Call,
  kops: Kops,
  items: T[],
  single: boolean,
  table: (items: T[]) => string[][],
): void {
  const format = flags.text('output')
  if (format === 'table') kops.out(tabTable(table(items)))
  else if (format === 'yaml') kops.out(items.map(toYaml).join('\n---\n\n'))
  else if (format === 'json') kops.out(`${JSON.stringify(single ? items[0] : items)}\n`)
  else throw new ToolError(`Unknown output format: ${JSON.stringify(format)}`)
}

function clusterTable(clusters: Cluster[]): string[][] {
  return [
    ['NAME', 'CLOUD', 'ZONES'],
    ...clusters.map(({ metadata, spec }) => [
      metadata.name,
      spec.cloudProvider,
      [...new Set(spec.subnets.map(({ zone }) => zone))].join(','),
    ]),
  ]
}

function groupTable(groups: InstanceGroup[]): string[][] {
  return [['NAME', 'ROLE', 'MACHINETYPE', 'MIN', 'MAX', 'ZONES'], ...groups.map(groupRow)]
}
