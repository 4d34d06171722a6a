import type { Flag } from '../flags.ts'
import { ToolError } from '../terminal.ts'
import { checkClusterName, clusterNameOf, type Kops, type KopsCommand, storeOf } from './context.ts'
import { inspectCluster, type Validation } from './inspect-cluster.ts'
import { passPoint } from './pass-point.ts'
import { readCluster, readInstanceGroups } from './registry.ts'
import { runRollingUpdate, usualSettings } from './rolling-update-cluster.ts'
import { runUpdate } from './update-cluster.ts'

const flags: Flag[] = [
  {
    name: 'yes',
    short: 'y',
    kind: 'flag',
    usage: 'Create cloud resources, without --yes reconcile is in dry run mode',
  },
  {
    name: 'allow-kops-downgrade',
    kind: 'flag',
    usage: 'Allow an older version of kOps to update the cluster than last used',
  },
]

const controlPlane = ['APIServer', 'ControlPlane']
const patience = 600_000
const interval = 10_000

/** `kops reconcile cluster`: the control plane first, then the nodes, each updated and then rolled. */
export const reconcileCluster: KopsCommand = {
  name: 'cluster',
  operands: '[CLUSTER]',
  about: 'Reconcile the cluster by updating and rolling the control plane and nodes sequentially.',
  flags,
  check: checkClusterName,
  async run(call, kops) {
    const store = await storeOf(call, kops)
    const cluster = await readCluster(store, clusterNameOf(call, kops))
    const { name } = cluster.metadata
    const yes = call.flags.on('yes')
    const downgrade = call.flags.on('allow-kops-downgrade')
    const update = (roles: readonly string[] = []) =>
      runUpdate(kops, store, cluster, { yes, downgrade, roles, writeContext: false })
    const roll = (roles: readonly string[] = []) =>
      runRollingUpdate(kops, store, cluster, { yes, roles, ...usualSettings })
    if (!yes) return update()

    kops.out('Updating control plane configuration\n')
    await update(controlPlane)
    await passPoint(kops, 'reconcile-control-plane', name)
    kops.out('Waiting for the kubernetes API to be served\n')
    const groups = await readInstanceGroups(store, name)
    await waitForApi(kops, () => inspectCluster(kops, store, cluster, groups))
    kops.out('Performing rolling-update for control plane\n')
    await roll(controlPlane)
    kops.out('Updating node configuration\n')
    await update()
    await passPoint(kops, 'reconcile-nodes', name)
    kops.out('Performing rolling-update for nodes\n')
    await roll()
    kops.out('Pruning old resources that are no longer used\n')
    await update()
  },
}

/** Until the machines of the control plane have joined and are ready; pods do not count. */
async function waitForApi(kops: Kops, inspect: () => Promise<Validation>): Promise<void> {
  const deadline = kops.world.waited() + patience
  for (;;) {
    const why = await inspect().then(
      ({ failures }) => {
        const counts = failures.filter(({ type, instanceGroup }) => {
          const about = instanceGroup as { spec: { role: string } } | undefined
          return type !== 'Pod' && about?.spec.role === 'ControlPlane'
        })
        return counts.length === 0 ? undefined : 'cluster not yet healthy'
      },
      (error: Error) => {
        if (!(error instanceof ToolError)) throw error
        return `unexpected error during validation: ${error.message}`
      },
    )
    if (why === undefined) return
    if (kops.world.waited() > deadline) {
      const waiting = 'waiting for kubernetes API to be served'
      throw new ToolError(`${waiting}: validation failed: wait time exceeded during validation`)
    }
    kops.log('W', 'validate_cluster.go:232', `(will retry): ${why}`)
    await kops.world.wait(interval)
  }
}
