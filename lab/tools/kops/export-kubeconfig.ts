import type { Flag, Flags } from '../flags.ts'
import { ToolError } from '../terminal.ts'
import { regionOf } from './cluster-object.ts'
import { checkClusterName, clusterNameOf, type KopsCommand, storeOf } from './context.ts'
import { defaultKubeconfig } from './kubeconfig-file.ts'
import { lookAround } from './look-around.ts'
import { listClusters, readCluster } from './registry.ts'
import { setContext } from './set-context.ts'

/** `--admin` of the commands that write a kubeconfig: bare it means 18 hours. */
export const adminFlag: Flag = {
  name: 'admin',
  kind: 'duration',
  bare: '18h0m0s',
  usage:
    'Also export a cluster admin user credential with the specified lifetime and add it to the cluster context',
}

const flags: Flag[] = [
  adminFlag,
  { name: 'kubeconfig', kind: 'text', usage: 'Filename of the kubeconfig to create' },
  { name: 'all', kind: 'flag', usage: 'Export all clusters from the kOps state store' },
  {
    name: 'api-server',
    kind: 'text',
    usage: 'Override the API server used when communicating with the cluster',
  },
  { name: 'auth-plugin', kind: 'flag', usage: 'Use the kOps authentication plugin' },
  { name: 'internal', kind: 'flag', usage: "Use the cluster's internal DNS name" },
  { name: 'user', kind: 'text', usage: 'Existing user in kubeconfig file to use' },
]

/** `kops export kubeconfig` */
export const exportKubeconfig: KopsCommand = {
  name: 'kubeconfig',
  aliases: ['kubecfg'],
  operands: '[CLUSTER | --all]',
  about: 'Export kubeconfig.',
  flags,
  check: (args, flags, env) => (flags.on('all') ? undefined : checkClusterName(args, flags, env)),
  async run(call, kops) {
    const { flags } = call
    if (flags.given('admin') && flags.text('user')) {
      throw new ToolError('cannot use both --admin and --user')
    }
    const store = await storeOf(call, kops)
    const clusters = flags.on('all')
      ? await listClusters(store, message => kops.log('W', 'cluster.go:85', message))
      : [await readCluster(store, clusterNameOf(call, kops))]
    for (const cluster of clusters) {
      await lookAround(kops.cloud(regionOf(cluster)))
      await setContext(kops, store, cluster, {
        path: flags.text('kubeconfig') || defaultKubeconfig(kops.env),
        ...adminOption(flags),
        internal: flags.on('internal'),
        user: flags.text('user'),
        apiServer: flags.text('api-server'),
      })
    }
  },
}

/** The lifetime that `--admin` asks for, as an option of `setContext`. */
export function adminOption(flags: Flags): { admin?: number } {
  return flags.given('admin') ? { admin: flags.duration('admin') } : {}
}
