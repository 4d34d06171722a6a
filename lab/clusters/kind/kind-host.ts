import { createAuthority, issueClientCertificate } from '@meridian/lab-kube-api/certificates'
import { type ClusterSpec, type ControlRoutes, until, type World } from '@meridian/lab-world'
import type { Cluster } from '../cluster.ts'
import type { KubeHost } from '../host.ts'
import { isReady } from '../nodes.ts'
import type { Outage } from '../outage.ts'
import { kindKind } from './kind-kind.ts'

/** What kind's kubeconfig has of a cluster; `port` is on this machine's loopback. */
export type KindAccess = { port: number; ca: string; cert: string; key: string }

/** The clusters that kind runs on this machine, and what runs beside them. */
export type KindHost = {
  /** Makes a cluster as `kind create cluster` does: its node is ready when this returns. */
  create(name: string, version?: string): Promise<Cluster>
  delete(name: string): Promise<boolean>
  names(): string[]
  find(name: string): Cluster | undefined
  /** Starts and ends cloud-provider-kind. */
  balance(running: boolean): void
  takeAway(name: string, outage: Outage): () => void
}

const bootSeconds = 30

type Home = { world: World; clusters: KubeHost; attach(): void }

/** `attach` is called as soon as somebody may want to reach a cluster at its address. */
export function createKindHost({ world, clusters, attach }: Home): KindHost {
  const specs = new Map<string, ClusterSpec>()
  let addresses = 1
  let balancing = false
  const address = () => {
    addresses += 1
    return `172.18.0.${addresses}`
  }
  const kind = kindKind({
    address,
    balances: () => balancing,
    after: seconds => world.clock.sleep(seconds),
  })
  const keyOf = (name: string) => `kind ${name}`
  const find = (name: string) => clusters.clusters().find(({ spec }) => spec === specs.get(name))
  return {
    async create(name, version = '1.35.8') {
      const node = { name: `${name}-control-plane`, zone: '', size: 'm5.xlarge' }
      const authority = await createAuthority('kubernetes')
      const spec = {
        name,
        region: '',
        controlPlanes: [node],
        nodes: [],
        kubernetesVersion: version,
        apiHost: address(),
        authority,
      }
      specs.set(name, spec)
      attach()
      await world.clock.sleep(bootSeconds)
      clusters.startAs(kind, keyOf(name), spec)
      return until(world.clock, () => {
        const found = find(name)
        return found && isHealthy(found) ? found : undefined
      })
    },
    async delete(name) {
      await clusters.stop(keyOf(name))
      return specs.delete(name)
    },
    names: () => [...specs.keys()].sort(),
    find,
    balance(running) {
      balancing = running
    },
    takeAway: (name, outage) => clusters.takeAway(keyOf(name), outage),
  }
}

function isHealthy({ store }: Cluster): boolean {
  const pods = store.list('Pod', { namespace: 'kube-system' })
  const runs = (pod: unknown) => (pod as { status?: { phase?: string } }).status?.phase === 'Running'
  return store.list('Node').some(isReady) && pods.every(runs)
}

/** The routes of the stand-ins for kind and cloud-provider-kind. */
export function kindControl(host: KindHost): ControlRoutes {
  return {
    'GET /_world/kind/clusters': () => ({ body: { names: host.names() } }),
    'GET /_world/kind/clusters/:name': async ({ params }) => {
      const cluster = host.find(params.name ?? '')
      if (cluster === undefined) return { status: 404, body: { message: 'no such cluster' } }
      return { body: await accessTo(cluster) }
    },
    'POST /_world/kind/clusters': async ({ body }) => {
      const { name, version } = body as { name: string; version: string | undefined }
      if (host.names().includes(name)) return { status: 409, body: { message: 'it is there' } }
      await host.create(name, version)
      return { status: 201 }
    },
    'DELETE /_world/kind/clusters/:name': async ({ params }) => ({
      body: { deleted: await host.delete(params.name ?? '') },
    }),
    'POST /_world/kind/balancing': ({ body }) => {
      host.balance((body as { running: boolean }).running)
      return {}
    },
  }
}

async function accessTo({ spec, server }: Cluster): Promise<KindAccess> {
  const admin = await issueClientCertificate(spec.authority, { user: 'lab', groups: ['system:masters'] })
  return {
    port: server.port,
    ca: spec.authority.certificate,
    cert: admin.certificate,
    key: admin.key,
  }
}
