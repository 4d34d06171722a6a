import type { Flag, Flags } from '../flags.ts'
import { tabTable } from '../table.ts'
import { ToolError } from '../terminal.ts'
import { type Cluster, groupRow, type InstanceGroup } from './cluster-object.ts'
import { checkClusterName, clusterNameOf, type Kops, type KopsCommand, storeOf } from './context.ts'
import { inspectCluster, type Validation } from './inspect-cluster.ts'
import { readCluster, readInstanceGroups, toYaml } from './registry.ts'

const flags: Flag[] = [
  {
    name: 'output',
    short: 'o',
    kind: 'text',
    default: 'table',
    usage: 'Output format. One of json|yaml|table.',
  },
  { name: 'wait', kind: 'duration', usage: 'Amount of time to wait for the cluster to become ready' },
  {
    name: 'interval',
    kind: 'duration',
    default: '10s',
    usage: 'Time in duration to wait between validation attempts',
  },
  { name: 'count', kind: 'number', usage: 'Number of consecutive successful validations required' },
  { name: 'kubeconfig', kind: 'text', usage: 'Path to the kubeconfig file' },
  {
    name: 'api-server',
    kind: 'text',
    usage: 'Override the API server used when communicating with the cluster',
  },
  { name: 'use-kubeconfig', kind: 'flag', usage: 'Use the server endpoint from the local kubeconfig' },
]

/** `kops validate cluster` */
export const validateCluster: KopsCommand = {
  name: 'cluster',
  operands: '[CLUSTER]',
  about: 'Validate a kOps cluster.',
  flags,
  check: checkClusterName,
  async run(call, kops) {
    const format = call.flags.text('output')
    if (!(format in printers)) throw new ToolError(`Unknown output format: ${JSON.stringify(format)}`)
    const store = await storeOf(call, kops)
    const cluster = await readCluster(store, clusterNameOf(call, kops))
    const groups = await readInstanceGroups(store, cluster.metadata.name)
    if (groups.length === 0) throw new ToolError('no InstanceGroup objects found')
    if (format === 'table') kops.out(`Validating cluster ${cluster.metadata.name}\n\n`)
    await repeat(kops, call.flags, async () => {
      const validation = await inspectCluster(kops, store, cluster, groups)
      kops.out(printers[format]?.(validation, cluster, groups) ?? '')
      return validation.failures.length === 0
    })
  },
}

/** Validates once, or with `--wait` until it has succeeded often enough; the deadline counts only between successes. */
async function repeat(kops: Kops, flags: Flags, attempt: () => Promise<boolean>): Promise<void> {
  const wait = flags.duration('wait')
  for (let successes = 0; ; ) {
    if (wait > 0 && successes === 0 && kops.world.waited() > wait) {
      throw new ToolError('validation failed: wait time exceeded during validation')
    }
    const outcome = await attempt().catch(error => {
      if (error instanceof ToolError) return `unexpected error during validation: ${error.message}`
      throw error
    })
    successes = outcome === true ? successes + 1 : 0
    if (outcome === true && successes >= flags.number('count')) return
    const passed = `cluster passed validation ${successes} consecutive times`
    const message = outcome === true ? passed : outcome === false ? 'cluster not yet healthy' : outcome
    if (wait === 0) throw new ToolError(`validation failed: ${message}`)
    kops.log(outcome === true ? 'I' : 'W', 'validate_cluster.go:232', `(will retry): ${message}`)
    await kops.world.wait(flags.duration('interval'))
  }
}

type Printer = (validation: Validation, cluster: Cluster, groups: readonly InstanceGroup[]) => string

const printers: Record<string, Printer> = {
  // No line break: with --wait the objects of all attempts stand on stdout without any separator.
  json: validation => JSON.stringify(withoutEmpty(validation)),
  yaml: validation => toYaml(withoutEmpty(validation)),
  table: printTable,
}

function withoutEmpty({ failures, nodes }: Validation): Partial<Validation> {
  return { ...(failures.length > 0 && { failures }), ...(nodes.length > 0 && { nodes }) }
}

function printTable(
  { failures, nodes }: Validation,
  cluster: Cluster,
  groups: readonly InstanceGroup[],
): string {
  const machines = tabTable([
    ['NAME', 'ROLE', 'MACHINETYPE', 'MIN', 'MAX', 'SUBNETS'],
    ...groups.map(groupRow),
  ])
  const states = tabTable([
    ['NAME', 'ROLE', 'READY'],
    ...nodes.map(({ name, role, status }) => [name, role, status]),
  ])
  const verdict =
    failures.length === 0
      ? `Your cluster ${cluster.metadata.name} is ready\n`
      : `VALIDATION ERRORS\n${tabTable([
          ['KIND', 'NAME', 'MESSAGE'],
          ...failures.map(({ type, name, message }) => [type, name, message]),
        ])}\nValidation Failed\n`
  return `INSTANCE GROUPS\n${machines}\nNODE STATUS\n${states}\n${verdict}`
}
