import { noArguments } from '../command-line.ts'
import type { KopsCommand } from './context.ts'
import { createCluster } from './create-cluster.ts'
import { deleteCluster } from './delete-cluster.ts'
import { editCluster } from './edit-cluster.ts'
import { editInstanceGroup } from './edit-instance-group.ts'
import { exportKubeconfig } from './export-kubeconfig.ts'
import { getClusters, getInstanceGroups, outputFlag } from './get.ts'
import { kopsVersion } from './kubernetes-version.ts'
import { reconcileCluster } from './reconcile-cluster.ts'
import { replace } from './replace.ts'
import { rollingUpdateCluster } from './rolling-update-cluster.ts'
import { updateCluster } from './update-cluster.ts'
import { validateCluster } from './validate-cluster.ts'

const version: KopsCommand = {
  name: 'version',
  about: 'Print the kOps version information.',
  flags: [
    { name: 'short', kind: 'flag', usage: 'only print the main kOps version. Useful for scripting.' },
    {
      name: 'server',
      kind: 'flag',
      usage: 'show the kOps version that made the last change to the state store.',
    },
  ],
  check: noArguments('kops version'),
  async run({ flags }, kops) {
    kops.out(
      flags.on('short') ? `${kopsVersion}\n` : `Client version: ${kopsVersion} (git-v${kopsVersion})\n`,
    )
  },
}

function group(
  name: string,
  about: string,
  commands: KopsCommand[],
  more: Partial<KopsCommand> = {},
): KopsCommand {
  return { name, about, commands, ...more }
}

/** The commands of kops that this world has. */
export const kopsCommand: KopsCommand = {
  name: 'kops',
  about: 'kOps is Kubernetes Operations.',
  persistent: [
    { name: 'config', kind: 'text', usage: 'yaml config file (default is $HOME/.kops.yaml)' },
    {
      name: 'name',
      kind: 'text',
      usage: 'Name of cluster. Overrides KOPS_CLUSTER_NAME environment variable',
    },
    {
      name: 'state',
      kind: 'text',
      usage:
        "Location of state storage (kops 'config' file). Overrides KOPS_STATE_STORE environment variable",
    },
    { name: 'v', short: 'v', kind: 'number', type: 'Level', usage: 'number for the log level verbosity' },
  ],
  commands: [
    group('create', 'Create a resource by command line, filename or stdin.', [createCluster]),
    group('delete', 'Delete clusters, instancegroups, instances, and secrets.', [deleteCluster]),
    group('edit', 'Edit clusters and other resources.', [editCluster, editInstanceGroup]),
    group('export', 'Export configuration.', [exportKubeconfig]),
    group('get', 'Get one or many resources.', [getClusters, getInstanceGroups], {
      persistent: [outputFlag],
    }),
    group('reconcile', 'Reconcile a cluster.', [reconcileCluster]),
    replace,
    group('rolling-update', 'Rolling update a cluster.', [rollingUpdateCluster]),
    group('update', 'Update a cluster.', [updateCluster]),
    group('validate', 'Validate a kOps cluster.', [validateCluster]),
    version,
  ],
}
