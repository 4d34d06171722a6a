import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cluster, KubeHost } from '@meridian/lab-clusters'
import { karmadaDefinitions } from '@meridian/lab-karmada/kinds'
import type { KubeObject, Store } from '@meridian/lab-kube-api'
import type { KeyPair } from '@meridian/lab-kube-api/certificates'
import {
  accessObjects,
  aggregatedObjects,
  aggregationObjects,
  apiServerObjects,
  componentObjects,
  createCertificates,
  etcdObjects,
  hostSecrets,
  initFlags,
  readFlags,
  readInitOptions,
  webhookObjects,
} from '@meridian/lab-tools'
import { until, type World } from '@meridian/lab-world'
import { textAt } from '@meridian/lab-world/json'

const namespace = 'karmada-system'
const apiPort = 5443

export type InstalledKarmada = {
  /** The federation's objects. */
  store: Store
  /** Name of the load balancer in front of its API, and whom that API trusts. */
  hostname: string
  authority: KeyPair
}

/**
 * Installs a control plane on a cluster as `karmadactl init` leaves it, with a load balancer in front of its API.
 * What registers itself as `karmada-webhook` is found on the loopback's `webhookPort`.
 */
export async function installKarmada(
  { world, clusters }: { world: World; clusters: KubeHost },
  host: Cluster,
  webhookPort: number,
): Promise<InstalledKarmada> {
  const flags = readFlags(initFlags, new Map([['etcd-storage-mode', ['emptyDir']]]))
  const options = readInitOptions(flags)
  const certificates = await createCertificates(options, ['127.0.0.1'])
  const authority = certificates.ca.certificate
  world.network.publish(`karmada-webhook.${namespace}.svc`, 443, webhookPort)
  createAll(host.store, [
    namespaceObject(namespace),
    ...hostSecrets(options, certificates),
    ...etcdObjects(options),
    ...apiServerObjects(options),
    ...aggregatedObjects(options),
    ...componentObjects(options).flat(),
    loadBalancer,
  ])
  const store = await until(world.clock, () => clusters.federations().find(each => each.host === host)?.store)
  const server = `https://127.0.0.1:${options.port}`
  createAll(store, [
    namespaceObject(namespace),
    ...karmadaDefinitions,
    ...webhookObjects(options, authority),
    ...aggregationObjects(options, authority),
    ...accessObjects(server, authority),
  ])
  const hostname = await until(world.clock, () => addressOf(world, host.store))
  return { store, hostname, authority: certificates.ca }
}

const namespaceObject = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { 'karmada.io/system': 'true' } },
})

const loadBalancer: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'karmada-apiserver-lb', namespace },
  spec: {
    type: 'LoadBalancer',
    selector: { app: 'karmada-apiserver' },
    ports: [{ port: apiPort, targetPort: apiPort }],
  },
}

function createAll(store: Store, objects: readonly KubeObject[]): void {
  for (const object of objects) store.create(object.kind, object)
}

function addressOf(world: World, store: Store): string | undefined {
  const service = store.get('Service', namespace, loadBalancer.metadata.name)
  const hostname = textAt(service, 'status', 'loadBalancer', 'ingress', 0, 'hostname')
  return world.network.resolve(hostname, apiPort) === undefined ? undefined : hostname
}

/** Writes the certificate with which karmada-webhook serves as `tls.crt` and `tls.key`; answers with the directory. */
export async function writeWebhookCertificate({ store }: Cluster, parent: string): Promise<string> {
  const directory = join(parent, 'karmada-webhook')
  await mkdir(directory, { mode: 0o700 })
  const secret = store.get('Secret', namespace, 'karmada-webhook-cert')
  for (const file of ['tls.crt', 'tls.key'])
    await writeFile(join(directory, file), Buffer.from(textAt(secret, 'data', file), 'base64'), {
      mode: 0o600,
    })
  return directory
}
