import { ToolError } from '../terminal.ts'
import type { Cluster } from './cluster-object.ts'
import { checkClusterName, clusterNameOf, type KopsCommand, storeOf } from './context.ts'
import { readCluster, toYaml } from './registry.ts'

/**
 * The fields that can be edited here. kops walks its own objects, whose names differ from those of the saved ones:
 * `spec.kubernetesApiAccess` is not found, `spec.api.access` is.
 */
const fields: Record<string, { clear(cluster: Cluster): void; add(cluster: Cluster, value: string): void }> =
  {
    'spec.api.access': {
      clear: ({ spec }) => {
        spec.kubernetesApiAccess = []
      },
      add: ({ spec }, value) => {
        spec.kubernetesApiAccess = [...((spec.kubernetesApiAccess as string[] | undefined) ?? []), value]
      },
    },
    'spec.kubernetesVersion': {
      clear: ({ spec }) => {
        spec.kubernetesVersion = ''
      },
      add: ({ spec }, value) => {
        spec.kubernetesVersion = value
      },
    },
  }

/** `kops edit cluster`, as far as it needs no editor. */
export const editCluster: KopsCommand = {
  name: 'cluster',
  operands: '[CLUSTER]',
  about: 'Edit cluster.',
  flags: [
    { name: 'set', kind: 'lines', type: 'strings', usage: 'Directly set values in the spec' },
    { name: 'unset', kind: 'list', usage: 'Directly unset values in the spec' },
  ],
  check: checkClusterName,
  async run(call, kops) {
    const store = await storeOf(call, kops)
    const cluster = await readCluster(store, clusterNameOf(call, kops))
    const sets = call.flags.list('set')
    const unsets = call.flags.list('unset')
    if (sets.length + unsets.length === 0) throw new ToolError('error launching editor: there is no terminal')
    for (const path of unsets) fieldOf(path).clear(cluster)
    for (const assignment of sets) {
      const [path = '', ...value] = assignment.split('=')
      fieldOf(path).add(cluster, value.join('='))
    }
    await store.write(`${cluster.metadata.name}/config`, toYaml(cluster))
  },
}

function fieldOf(path: string) {
  const field = fields[path]
  if (field === undefined) throw new ToolError(`field ${path} not found in *Cluster`)
  return field
}
