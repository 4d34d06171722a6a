import type { Cluster, FindServer } from '@meridian/lab-clusters'
import {
  type ApiServer,
  coreKinds,
  type KubeObject,
  notFound,
  StatusError,
  type Store,
  startApiServer,
} from '@meridian/lab-kube-api'
import { textAt, valueAt } from '@meridian/lab-world/json'
import { type Aggregation, createAggregation } from './aggregation.ts'
import { hasFlag } from './component-flags.ts'
import type { KarmadaOptions } from './karmada-options.ts'
import { clusterKind } from './kinds/cluster.ts'
import { karmadaKinds } from './kinds/index.ts'
import { clusterTaintPolicyKind } from './kinds/taint-policy.ts'
import { refuseWithoutWebhook } from './webhooks.ts'

const clusterResource = 'clusters.cluster.karmada.io'

/**
 * Starts Karmada's API server with the certificates of Secret `karmada-cert`; throws when they are none.
 * Clusters are served by another pod behind it, and are unavailable until its APIService is registered.
 * A bare one knows no more of Karmada than that: its kinds come with their definitions, and its webhooks are called.
 */
export async function startControlServer(
  host: Cluster,
  secret: KubeObject,
  { findServer, bare }: KarmadaOptions,
): Promise<{ server: ApiServer; aggregation: Aggregation }> {
  const pem = (key: string) => Buffer.from(textAt(secret, 'data', key), 'base64').toString()
  const taintPolicies = clusterTaintPolicyKind(() =>
    hasFlag(host.store, 'karmada-webhook', 'allow-no-execute-taint-policy'),
  )
  const server = await startApiServer({
    world: host.world,
    name: `karmada on ${host.spec.name}`,
    kinds: bare ? [...coreKinds, clusterKind] : [...coreKinds, ...karmadaKinds, taintPolicies],
    tls: { cert: pem('apiserver.crt'), key: pem('apiserver.key') },
    clientAuthority: pem('ca.crt'),
    userAgentService: 'karmada',
    version: 'v1.35.2',
    serviceAccounts: false,
    ...(bare && { webhooks: (name: string, port: number) => findLocalPort(host, name, port) }),
    intercept: request => {
      if (request.resource === clusterResource && !aggregation.isAvailable()) return unavailable(request.verb)
      return bare ? undefined : refuseWithoutWebhook(host, server.store, request)
    },
    proxy: (resource, name) =>
      resource === clusterResource ? memberServer(host, server.store, name, findServer) : undefined,
  })
  const aggregation = createAggregation(host, server.store)
  return { server, aggregation }
}

/** Programs outside of the world listen on this machine's loopback. */
function findLocalPort({ world }: Cluster, name: string, port: number): number | undefined {
  return name === 'localhost' || name === '127.0.0.1' ? port : world.network.resolve(name, port)
}

function unavailable(verb: string): StatusError {
  const message = `the server is currently unable to handle the request (${verb} ${clusterResource})`
  return new StatusError(503, 'ServiceUnavailable', message)
}

/**
 * The API server of a member, as the aggregated API server reaches it: for the caller, with the impersonator's token,
 * so that must still be good. What fails on the way is a plain 500 in the words of the transport, as in Karmada.
 */
function memberServer({ world }: Cluster, store: Store, name: string, findServer: FindServer): ApiServer {
  const cluster = store.get('Cluster', undefined, name)
  if (!cluster) throw notFound(clusterKind, name)
  const endpoint = URL.parse(textAt(cluster, 'spec', 'apiEndpoint'))
  if (!endpoint) throw failed(`the api endpoint of cluster ${name} is empty`)
  const reference = valueAt(cluster, 'spec', 'impersonatorSecretRef')
  if (!reference) throw failed(`the impersonatorSecretRef of cluster ${name} is nil`)
  const [host, port] = [endpoint.hostname, Number(endpoint.port || 443)]
  const localPort = world.network.resolve(host, port)
  if (localPort === undefined) throw failed(`dial tcp: lookup ${host}: no such host`)
  const member = findServer(localPort)
  if (!member) throw failed(`dial tcp ${host}:${port}: connect: connection refused`)
  const secret = store.get('Secret', textAt(reference, 'namespace'), textAt(reference, 'name'))
  const token = Buffer.from(textAt(secret, 'data', 'token'), 'base64').toString()
  if (!member.tokens.has(token)) throw new StatusError(401, 'Unauthorized', 'Unauthorized')
  return member
}

function failed(message: string): StatusError {
  return new StatusError(500, '', message)
}
