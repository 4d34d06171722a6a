import type { ApiServer, Dial, Store } from '@meridian/lab-kube-api'
import {
  type ClusterHost,
  type ClusterSpec,
  type ClusterView,
  clusterOf,
  type Resource,
  type World,
} from '@meridian/lab-world'
import { adjustMachines, machineOf } from './adjust-machines.ts'
import type { Aws } from './aws.ts'
import type { Cluster, Stop } from './cluster.ts'
import type { ClusterKind } from './cluster-kind.ts'
import { cordonNode, evictPods } from './drain-node.ts'
import { kopsKind } from './kops-kind.ts'
import { type Outage, scheduleOutages, takeAway } from './outage.ts'
import { type StartedCluster, startCluster } from './start-cluster.ts'
import { viewCluster } from './view-cluster.ts'

export type KubeHost = ClusterHost & {
  /** Starts a cluster of another kind than kops', which is known by `key` instead of its name. */
  startAs(kind: ClusterKind, key: string, spec: ClusterSpec): void
  /** Clusters that serve, by full name: for reports and tests, which look into their stores. */
  clusters(): Cluster[]
  /** The stores of the Karmada control planes that run on these clusters. */
  federations(): { host: Cluster; store: Cluster['store'] }[]
  /** Takes the API of a serving cluster away; the returned function brings it back. */
  takeAway(name: string, outage: Outage): () => void
}

/** The API server of a cluster that serves, by its port on loopback. */
export type FindServer = (localPort: number) => ApiServer | undefined

/** A control plane that may be installed on a cluster: it comes and goes with its parts there. */
export type Federation = {
  /** Connects to the API server's pod. */
  dial: Dial
  /** The federation's objects; undefined while there is none. */
  store(): Store | undefined
  stop: Stop
}

/** Hosts the world's clusters; `watch` starts the control plane that people may install on one. */
export function createClusterHost(
  world: World,
  aws: Aws,
  watch?: (cluster: Cluster, findServer: FindServer) => Federation,
): KubeHost {
  const started = new Map<string, StartedCluster>()
  const federations = new Map<string, Federation>()

  // Two accounts can have a cluster of one name each: the main one's is known by its name alone.
  const keyOf = (name: string, account = world.accountId) =>
    account === world.accountId ? name : `${name} in ${account}`

  const findServer = (port: number) => serving().find(each => each.server.port === port)?.server

  function start(key: string, spec: ClusterSpec, kind: ClusterKind): void {
    const cluster = startCluster({
      spec,
      kind,
      world,
      aws,
      dial: (...target) => federations.get(key)?.dial(...target),
      extend(running) {
        scheduleOutages(world, running.server, spec.apiHost, () => firstKey() === key)
        const federation = watch?.(running, findServer)
        if (federation) federations.set(key, federation)
        return () => federation?.stop()
      },
    })
    started.set(key, cluster)
  }

  async function stop(key: string): Promise<void> {
    const cluster = started.get(key)
    started.delete(key)
    await cluster?.stop()
    federations.delete(key)
  }

  // Machines start by themselves, of what their group launches them with, and go with their instance.
  const unwatch = world.inventory.watch((what, instance) => {
    if (instance.type !== 'instance') return
    const found = started.get(keyOf(clusterOf(instance) ?? '', instance.account))
    if (found) adjustMachines(found.spec, withInstance(found.spec, what, instance), found.cluster())
  })

  const firstKey = () => [...started.keys()].sort()[0]
  const serving = () => [...started.values()].flatMap(each => each.cluster() ?? [])
  return {
    // Asked for again (an update of the cluster), a running cluster only gets and loses machines.
    start: async spec => {
      const key = keyOf(spec.name, spec.account)
      const running = started.get(key)
      if (running) adjustMachines(running.spec, spec, running.cluster())
      else start(key, spec, kopsKind)
    },
    startAs: (kind, key, spec) => start(key, spec, kind),
    view: (name, account) => viewStarted(started.get(keyOf(name, account))),
    drain(name, node, account) {
      const store = started.get(keyOf(name, account))?.cluster()?.store
      if (!store) return { evicted: [], refused: [] }
      cordonNode(store, node)
      return evictPods(store, node)
    },
    stop: (name, account) => stop(keyOf(name, account)),
    async stopAll() {
      unwatch()
      await Promise.all([...started.keys()].map(stop))
    },
    takeAway(name, outage) {
      const cluster = started.get(name)?.cluster()
      if (!cluster) throw new Error(`no cluster ${name} is serving`)
      return takeAway(world, cluster.server, cluster.spec.apiHost, outage)
    },
    clusters: serving,
    federations: () =>
      [...started].flatMap(([key, each]) => {
        const [host, store] = [each.cluster(), federations.get(key)?.store()]
        return host && store ? [{ host, store }] : []
      }),
  }
}

function withInstance(spec: StartedCluster['spec'], what: 'came' | 'went', instance: Resource) {
  const { role, machine } = machineOf(instance)
  const list = role === 'control-plane' ? 'controlPlanes' : 'nodes'
  const others = spec[list].filter(({ name }) => name !== machine.name)
  const { controlPlanes, nodes } = spec
  return { controlPlanes, nodes, [list]: what === 'came' ? [...others, machine] : others }
}

function viewStarted(found: StartedCluster | undefined): ClusterView | undefined {
  const cluster = found?.cluster()
  const store = cluster?.store
  return (
    found &&
    viewCluster(found.spec, {
      resolves: found.resolves(),
      serving: cluster?.api.isUp() ?? false,
      version: cluster?.api.version(),
      nodes: store?.list('Node') ?? [],
      pods: store?.list('Pod') ?? [],
    })
  )
}
