import { coreKinds, type Dial, startApiServer } from '@meridian/lab-kube-api'
import { issueServerCertificate } from '@meridian/lab-kube-api/certificates'
import { type ClusterSpec, closedPort, type World } from '@meridian/lab-world'
import { serveLoadBalancers } from './apps/serve-load-balancers.ts'
import { type Pods, servePods } from './apps/serve-pods.ts'
import type { Aws } from './aws.ts'
import { bootMachines } from './boot-cluster.ts'
import type { Cluster, Stop } from './cluster.ts'
import type { ClusterKind } from './cluster-kind.ts'
import { logOf } from './container-log.ts'
import { startControllers } from './controllers/index.ts'
import { startDnsController } from './dns-controller.ts'
import { driverObject, isDriver } from './seed-objects.ts'

const resolvesAfter = 60
const servesAfter = 90
const spreadSeconds = 10
const balancedPort = 443

/** A cluster between being asked for and being stopped. */
export type StartedCluster = {
  spec: ClusterSpec
  resolves(): boolean
  /** Undefined until the API server answers. */
  cluster(): Cluster | undefined
  stop(): Promise<void>
}

type Options = {
  spec: ClusterSpec
  kind: ClusterKind
  world: World
  aws: Aws
  /** Reaches what speaks a protocol of its own in the pods; what it does not reach has the lab's page. */
  dial: Dial
  /** What else runs on the cluster, started with its controllers. */
  extend(cluster: Cluster): Stop
}

/** Starts a cluster whose API, nodes and system pods come up on the world's clock. */
export function startCluster(options: Options): StartedCluster {
  const { spec, kind, world } = options
  const late = kind.standing ? 0 : spreadSeconds * world.random()
  const [toResolve, toServe] = kind.standing ? [0, 0] : [resolvesAfter, servesAfter]
  let resolves = false
  let running: { cluster: Cluster; stop: Stop } | undefined
  let serving: Promise<void> | undefined
  world.delays.note('API comes up', spec.name, toServe + late)
  let next = world.clock.after(toResolve + late, () => {
    resolves = true
    // The name is known before anything answers behind it: a load balancer without healthy targets.
    world.network.publish(spec.apiHost, kind.apiPort ?? balancedPort, closedPort)
    next = world.clock.after(toServe - toResolve, () => {
      serving = serve(options, late).then(started => {
        running = started
      })
    })
  })
  return {
    spec,
    resolves: () => resolves,
    cluster: () => running?.cluster,
    async stop() {
      next.cancel()
      await serving
      world.network.withdraw(spec.apiHost)
      await running?.stop()
      await running?.cluster.server.close()
      running = undefined
    },
  }
}

async function serve(options: Options, late: number): Promise<{ cluster: Cluster; stop: Stop }> {
  const { spec, kind, world, aws, extend } = options
  const { certificate, key } = await issueServerCertificate(spec.authority, kind.certificateNames(spec))
  let pods: Pods | undefined
  let version = spec.kubernetesVersion
  let back: (() => void) | undefined
  const server = await startApiServer({
    world,
    name: spec.name,
    kinds: coreKinds,
    tls: { cert: certificate, key },
    clientAuthority: spec.authority.certificate,
    userAgentService: 'kubernetes',
    authenticate: token => kind.authenticate?.(token, server.store),
    ...(kind.isPublic && { isPublic: kind.isPublic }),
    ...(kind.amend && { amend: kind.amend }),
    get version() {
      return `v${version}`
    },
    dial: (...target) => options.dial(...target) ?? pods?.dial(...target),
    logs: (namespace, pod, container) => logOf(server.store.get('Pod', namespace, pod), container),
  })
  const api: Cluster['api'] = {
    isUp: () => back === undefined,
    version: () => version,
    down() {
      back ??= world.network.block(spec.apiHost)
      server.cut()
    },
    up(latest) {
      version = latest
      back?.()
      back = undefined
    },
  }
  const cluster: Cluster = { world, aws, spec, kind, server, store: server.store, api }
  pods = servePods(cluster)
  for (const object of [...kind.seed(spec), ...kind.provisioners.filter(isDriver).map(driverObject)]) {
    server.store.create(object.kind, object)
  }
  const stops = [
    startControllers(cluster),
    startDnsController(cluster),
    serveLoadBalancers(cluster, pods.dial).stop,
    pods.close,
    extend(cluster),
  ]
  bootMachines(cluster, kind.standing ? Infinity : servesAfter + late)
  world.network.publish(spec.apiHost, kind.apiPort ?? balancedPort, server.port)
  return { cluster, stop: async () => void (await Promise.all(stops.map(stop => stop()))) }
}
