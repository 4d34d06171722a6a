import { connect } from 'node:net'
import type { Cluster, Federation, Stop } from '@meridian/lab-clusters'
import { isPodReady, recordEvent } from '@meridian/lab-clusters/objects'
import type { ApiServer, KubeObject } from '@meridian/lab-kube-api'
import type { Aggregation } from './aggregation.ts'
import { hasFlag, hasGate } from './component-flags.ts'
import { apiComponent, isComponentReady, readyPods } from './components.ts'
import type { ControlPlane } from './control-plane.ts'
import { startControlServer } from './control-server.ts'
import { controllersOf } from './controllers/index.ts'
import type { KarmadaOptions } from './karmada-options.ts'
import { createKindMapper } from './map-kinds.ts'
import { createMembers } from './members.ts'
import { systemNamespace } from './names.ts'
import { publishLoadBalancers } from './publish.ts'

const apiPort = 5443
const watched = ['Deployment', 'StatefulSet', 'Pod', 'Secret', 'Service']

type Running = { server: ApiServer; stop: Stop; refresh(): void }

/** Runs Karmada on a cluster as soon as somebody installs it there, and as long as its parts are there. */
export function startKarmada(host: Cluster, options: KarmadaOptions): Federation {
  let running: Running | undefined
  let starting: Promise<void> | undefined
  let stopped = false
  let tried: string | undefined
  const published = publishLoadBalancers(host)

  async function start(secret: KubeObject): Promise<void> {
    tried = secret.metadata.resourceVersion
    try {
      const { server, aggregation } = await startControlServer(host, secret, options)
      running = runControllers(host, server, aggregation, options.bare ? {} : controllersOf)
    } catch (error) {
      const message = `karmada-apiserver: ${error instanceof Error ? error.message : String(error)}`
      recordEvent(host.world, host.store, {
        about: secret,
        type: 'Warning',
        reason: 'BadCertificate',
        message,
        component: 'kubelet',
      })
    }
    starting = undefined
    if (stopped) await dispose()
    else refresh()
  }

  async function dispose(): Promise<void> {
    const former = running
    running = undefined
    published.update(undefined)
    await former?.stop()
    await former?.server.close()
  }

  function refresh(): void {
    if (stopped) return
    const installed = host.store.get('Deployment', systemNamespace, apiComponent) !== undefined
    const kept = host.store.get('StatefulSet', systemNamespace, 'etcd') !== undefined
    const secret = host.store.get('Secret', systemNamespace, 'karmada-cert')
    const ready = installed && isComponentReady(host.store, apiComponent)
    // Certificates that a server could not be started with are not tried again until they change.
    if (!running && !starting && ready && secret && secret.metadata.resourceVersion !== tried) {
      starting = start(secret)
    }
    if (!installed) tried = undefined
    if (running && !installed && !kept) {
      void dispose()
      return
    }
    running?.refresh()
    published.update(isServing() ? running?.server.port : undefined)
  }

  const isServing = () => running !== undefined && isComponentReady(host.store, apiComponent)
  const stops = watched.map(kind => host.store.watch(kind, () => refresh()))
  refresh()
  return {
    dial(namespace, pod, port) {
      const found = readyPods(host.store, apiComponent).some(
        each => each.metadata.name === pod && isPodReady(each),
      )
      const isApi = namespace === systemNamespace && port === apiPort && found
      const localPort = isApi ? running?.server.port : undefined
      return localPort === undefined
        ? undefined
        : connect({ host: '127.0.0.1', port: localPort, allowHalfOpen: true })
    },
    store: () => running?.server.store,
    async stop() {
      stopped = true
      for (const stop of stops) stop()
      await starting
      await dispose()
    },
  }
}

function runControllers(
  host: Cluster,
  server: ApiServer,
  aggregation: Aggregation,
  controllers: typeof controllersOf,
): Running {
  const members = createMembers(host.world, server.store)
  const plane: Omit<ControlPlane, 'kindOf'> = {
    world: host.world,
    store: server.store,
    members,
    flag: (component, name) => hasFlag(host.store, component, name),
    gate: (component, name) => hasGate(host.store, component, name),
  }
  const active = new Map<string, Stop>()
  const unwatch = server.store.watch('APIService', refresh)

  function refresh(): void {
    aggregation.report()
    for (const [component, start] of Object.entries(controllers)) {
      const ready = isComponentReady(host.store, apiComponent) && isComponentReady(host.store, component)
      const stop = active.get(component)
      if (ready && !stop) {
        const loops = start({ ...plane, kindOf: createKindMapper(server.store) })
        active.set(component, () => loops.forEach(loop => void loop.stop()))
      } else if (!ready && stop) {
        stop()
        active.delete(component)
      }
    }
  }

  return {
    server,
    refresh,
    stop() {
      unwatch()
      for (const stop of active.values()) stop()
      members.close()
    },
  }
}
