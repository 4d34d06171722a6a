import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { pipeline } from 'node:stream'
import { type Dial, type KubeObject, readyEndpoints } from '@meridian/lab-kube-api'
import type { Cluster } from '../cluster.ts'
import { type ControlLoop, keyOf, splitKey, startControlLoop } from '../control-loop.ts'
import { ingressHost } from '../load-balancer.ts'
import type { ServiceSpec } from '../load-balancer-controller.ts'
import { isSystemNamespace } from './system-namespaces.ts'

/** A listener of a load balancer: the port of its name, and the Service's name for that port. */
type Listener = { host: string; port: number; portName: string }
type Front = { listeners: readonly Listener[]; servers: readonly Server[] }

/** Lets the names of Services' load balancers lead to the ready pods behind them, to one after the other. */
export function serveLoadBalancers(cluster: Cluster, dial: Dial): ControlLoop {
  const { world, store } = cluster
  const fronts = new Map<string, Front>()

  function close(key: string): void {
    const { listeners, servers } = fronts.get(key) ?? { listeners: [], servers: [] }
    for (const { host, port } of listeners) world.network.withdraw(host, port)
    for (const server of servers) server.close()
    fronts.delete(key)
  }

  async function open(key: string, service: KubeObject, listeners: readonly Listener[]): Promise<void> {
    const servers = listeners.map(({ portName }) => balance(cluster, service, portName, dial))
    fronts.set(key, { listeners, servers })
    await Promise.all(servers.map(server => once(server, 'listening')))
    listeners.forEach(({ host, port }, at) => {
      const address = servers[at]?.address() as AddressInfo | null
      if (address) world.network.publish(host, port, address.port)
    })
  }

  const loop = startControlLoop({
    clock: world.clock,
    async reconcile(key) {
      const service = store.get('Service', ...splitKey(key))
      const wanted = service ? listenersOf(service) : []
      if (JSON.stringify(wanted) === JSON.stringify(fronts.get(key)?.listeners ?? [])) return
      close(key)
      if (service) await open(key, service, wanted)
    },
  })
  loop.follow(store, 'Service', service =>
    isSystemNamespace(service.metadata.namespace) ? [] : [keyOf(service)],
  )
  return {
    ...loop,
    stop() {
      loop.stop()
      for (const key of [...fronts.keys()]) close(key)
    },
  }
}

function listenersOf(service: KubeObject): Listener[] {
  const host = ingressHost(service)
  const { ports = [] } = service.spec as ServiceSpec
  return ports.flatMap(({ port, name: portName = '', protocol = 'TCP' }) =>
    host !== undefined && protocol === 'TCP' ? [{ host, port, portName }] : [],
  )
}

/** A server on loopback that hands its connections to the ready pods in turn, and drops them while there are none. */
function balance({ store }: Cluster, service: KubeObject, portName: string, dial: Dial): Server {
  let turn = 0
  const server = createServer((socket: Socket) => {
    const endpoints = readyEndpoints(store, service, portName)
    const { namespace = '', pod = '', port = 0 } = endpoints[turn++ % endpoints.length] ?? {}
    const connection = dial(namespace, pod, port)
    if (connection) pipeline(socket, connection, socket, () => {})
    else socket.destroy()
  })
  return server.listen(0, '127.0.0.1').unref()
}
