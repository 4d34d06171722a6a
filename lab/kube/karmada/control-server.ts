import {
  type ApiServer,
  coreKinds,
  type KubeObject,
  StatusError,
  type Store,
  startApiServer,
  textAt,
  valueAt,
} from '../api/index.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { type Aggregation, createAggregation } from './aggregation.ts'
import { hasFlag } from './component-flags.ts'
import { karmadaKinds } from './kinds/index.ts'
import { clusterTaintPolicyKind } from './kinds/taint-policy.ts'
import type { FindServer } from './start-karmada.ts'
import { refuseWithoutWebhook } from './webhooks.ts'

const clusterResource = 'clusters.cluster.karmada.io'

/**
 * Starts Karmada's API server with the certificates of Secret `karmada-cert`; throws when they are none.
 * Clusters are served by another pod behind it, and are unavailable until its APIService is registered.
 */
export async function startControlServer(
  host: Cluster,
  secret: KubeObject,
  findServer: FindServer,
): Promise<{ server: ApiServer; aggregation: Aggregation }> {
  const pem = (key: string) => Buffer.from(textAt(secret, 'data', key), 'base64').toString()
  const taintPolicies = clusterTaintPolicyKind(() =>
    hasFlag(host.store, 'karmada-webhook', 'allow-no-execute-taint-policy'),
  )
  const server = await startApiServer({
    world: host.world,
    name: `karmada on ${host.spec.name}`,
    kinds: [...coreKinds, ...karmadaKinds, taintPolicies],
    tls: { cert: pem('apiserver.crt'), key: pem('apiserver.key') },
    clientAuthority: pem('ca.crt'),
    userAgentService: 'karmada',
    version: 'v1.35.2',
    serviceAccounts: false,
    intercept: request =>
      request.resource === clusterResource && !aggregation.isAvailable()
        ? unavailable(request.verb)
        : refuseWithoutWebhook(host, server.store, request),
    proxy: (resource, name) =>
      resource === clusterResource ? memberServer(host, server.store, name, findServer) : undefined,
  })
  const aggregation = createAggregation(host, server.store)
  return { server, aggregation }
}

function unavailable(verb: string): StatusError {
  const message = `the server is currently unable to handle the request (${verb} ${clusterResource})`
  return new StatusError(503, 'ServiceUnavailable', message)
}

// The aggregated API server acts for the caller with the impersonator's token, so that must still be good.
function memberServer(
  { world }: Cluster,
  store: Store,
  name: string,
  findServer: FindServer,
): ApiServer | undefined {
  const cluster = store.get('Cluster', undefined, name)
  const endpoint = URL.parse(textAt(cluster, 'spec', 'apiEndpoint'))
  const reference = valueAt(cluster, 'spec', 'impersonatorSecretRef')
  if (!endpoint || !reference) return undefined
  const port = world.network.resolve(endpoint.hostname, Number(endpoint.port || 443))
  const member = port === undefined ? undefined : findServer(port)
  const secret = store.get('Secret', textAt(reference, 'namespace'), textAt(reference, 'name'))
  const token = Buffer.from(textAt(secret, 'data', 'token'), 'base64').toString()
  return member?.tokens.has(token) ? member : undefined
}
