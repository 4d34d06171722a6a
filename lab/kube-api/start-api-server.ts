import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { isFields } from '@meridian/lab-world/json'
import type { ApiServer, ApiServerOptions } from './api-server.ts'
import { type Context, dispatch } from './http/dispatch.ts'
import { serveUpgrade } from './http/upgrade.ts'
import type { KubeObject } from './objects.ts'
import { createStore } from './store/create-store.ts'
import { startGarbageCollection } from './upkeep/collect-garbage.ts'
import { startNamespaceEmptying } from './upkeep/empty-namespaces.ts'
import { startNamespaceFurnishing } from './upkeep/furnish-namespaces.ts'
import { seed } from './upkeep/seed.ts'
import { startCustomResources } from './upkeep/serve-custom-resources.ts'

/** Starts a Kubernetes API server over TLS on a free port of 127.0.0.1, with its own store. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const store = createStore({ kinds: options.kinds })
  const tokens: ApiServer['tokens'] = new Map()
  const context: Context = { options, store, tokens }
  seed(store)
  const stops = [
    startGarbageCollection(store),
    startNamespaceEmptying(store),
    startCustomResources(store),
    store.watch('secrets', ({ object }) => rememberSecret(options, object)),
    ...(options.serviceAccounts === false ? [] : [startNamespaceFurnishing(store, options.clientAuthority)]),
  ]
  const { tls, clientAuthority } = options
  const server = createServer({ ...tls, ca: clientAuthority, requestCert: true, rejectUnauthorized: false })
  // Clients keep idle connections for a minute and more; closing them sooner would race with their next request.
  server.keepAliveTimeout = 120_000
  const upgraded = new Set<Duplex>()
  server.on('request', (request, response) => void dispatch(context, { request, response }))
  server.on('upgrade', (request, socket: Duplex, head) => {
    upgraded.add(socket)
    socket.on('close', () => upgraded.delete(socket))
    void serveUpgrade(context, { request, socket, head })
  })
  const cut = () => {
    for (const socket of upgraded) socket.destroy()
    server.closeAllConnections()
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    name: options.name,
    port: (server.address() as AddressInfo).port,
    store,
    tokens,
    serve: (request, response, as) => dispatch(context, { request, response }, as),
    renew: (tls, ca) => server.setSecureContext({ ...tls, ca }),
    cut,
    async close() {
      for (const stop of stops) stop()
      const closed = new Promise(resolve => server.close(resolve))
      cut()
      await closed
    },
  }
}

function rememberSecret({ world, name }: ApiServerOptions, { metadata, data }: KubeObject): void {
  // The namespace of a service account is a word that stands everywhere.
  for (const [key, value] of Object.entries(isFields(data) ? data : {})) {
    if (key === 'namespace') continue
    const text = Buffer.from(String(value), 'base64').toString()
    world.secrets?.add(`Secret ${metadata.namespace}/${metadata.name} ${key} in ${name}`, text)
  }
}
