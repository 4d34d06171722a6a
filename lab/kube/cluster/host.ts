import type { ClusterHost, World } from '../../world/index.ts'
import { startKarmada } from '../karmada/start-karmada.ts'
import { adjustMachines } from './adjust-machines.ts'
import type { Aws, Cluster } from './cluster.ts'
import { type Outage, scheduleOutages, takeAway } from './outage.ts'
import { type PortForward, type StartedCluster, startCluster } from './start-cluster.ts'
import { viewCluster } from './view-cluster.ts'

export type KubeHost = ClusterHost & {
  /** Clusters that serve, by full name: for reports and tests, which look into their stores. */
  clusters(): Cluster[]
  /** The stores of the Karmada control planes that run on these clusters. */
  federations(): { host: Cluster; store: Cluster['store'] }[]
  /** Takes the API of a serving cluster away; the returned function brings it back. */
  takeAway(name: string, outage: Outage): () => void
}

/** Hosts the world's clusters, with the Karmada control planes that people install on them. */
export function createClusterHost(world: World, aws: Aws): KubeHost {
  const started = new Map<string, StartedCluster>()
  const federations = new Map<string, ReturnType<typeof startKarmada>>()

  const findServer = (port: number) => serving().find(each => each.server.port === port)?.server

  function start(spec: StartedCluster['spec']): void {
    const forward: PortForward = (...target) => federations.get(spec.name)?.localPort(...target)
    const cluster = startCluster({
      spec,
      world,
      aws,
      portForward: forward,
      extend(running) {
        scheduleOutages(world, running.server, spec.apiHost, () => firstName() === spec.name)
        const federation = startKarmada(running, findServer)
        federations.set(spec.name, federation)
        return federation.stop
      },
    })
    started.set(spec.name, cluster)
  }

  async function stop(name: string): Promise<void> {
    const cluster = started.get(name)
    started.delete(name)
    await cluster?.stop()
    federations.delete(name)
  }

  const firstName = () => [...started.keys()].sort()[0]
  const serving = () => [...started.values()].flatMap(each => each.cluster() ?? [])
  return {
    // Asked for again (an update of the cluster), a running cluster only gets and loses machines.
    start: async spec => {
      const running = started.get(spec.name)
      if (running) adjustMachines(running.spec, spec, running.cluster())
      else start(spec)
    },
    view(name) {
      const found = started.get(name)
      const store = found?.cluster()?.store
      return (
        found &&
        viewCluster(found.spec, {
          resolves: found.resolves(),
          serving: store !== undefined,
          nodes: store?.list('Node') ?? [],
          pods: store?.list('Pod') ?? [],
        })
      )
    },
    stop,
    async stopAll() {
      await Promise.all([...started.keys()].map(stop))
    },
    takeAway(name, outage) {
      const cluster = started.get(name)?.cluster()
      if (!cluster) throw new Error(`no cluster ${name} is serving`)
      return takeAway(world, cluster.server, cluster.spec.apiHost, outage)
    },
    clusters: serving,
    federations: () =>
      serving().flatMap(host => {
        const store = federations.get(host.spec.name)?.store()
        return store ? [{ host, store }] : []
      }),
  }
}
