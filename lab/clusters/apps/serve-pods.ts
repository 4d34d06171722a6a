import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Duplex, duplexPair } from 'node:stream'
import { type Dial, type KubeObject, timestamp } from '@meridian/lab-kube-api'
import { textAt } from '@meridian/lab-world/json'
import type { Cluster } from '../cluster.ts'
import { listenerOn } from './listened-ports.ts'
import { type Answerer, renderPage } from './page.ts'
import { isSystemNamespace } from './system-namespaces.ts'

/** The HTTP that the pods of a cluster speak: every port on which a running container listens has the lab's page. */
export type Pods = {
  dial: Dial
  close(): void
}

/** One HTTP server for all pods of a cluster, which listens nowhere: connections are handed to it by pod. */
export function servePods(cluster: Cluster): Pods {
  const answerers = new WeakMap<object, Answerer>()
  const server = createServer((request, response) => {
    const answerer = answerers.get(request.socket)
    if (answerer) answer(cluster, answerer, request, response)
  })
  return {
    dial(namespace, name, port) {
      const pod = isSystemNamespace(namespace) ? undefined : cluster.store.get('Pod', namespace, name)
      const listener = pod && listenerOn(pod, port)
      if (!listener) return undefined
      const [client, served]: [Duplex, Duplex] = duplexPair()
      answerers.set(served, answererOf(cluster, pod, port, listener.image))
      server.emit('connection', served)
      return client
    },
    close: () => server.closeAllConnections(),
  }
}

function answererOf({ spec, store }: Cluster, pod: KubeObject, port: number, image: string): Answerer {
  const { name, namespace = '', labels = {} } = pod.metadata
  const node = textAt(pod, 'spec', 'nodeName')
  return {
    app: labels['app.kubernetes.io/name'] ?? labels.app ?? name,
    region: spec.region,
    zone: textAt(store.get('Node', undefined, node), 'metadata', 'labels', 'topology.kubernetes.io/zone'),
    cluster: spec.name,
    node,
    namespace,
    pod: name,
    address: textAt(pod, 'status', 'podIP'),
    port,
    image,
  }
}

function answer(
  { world }: Cluster,
  answerer: Answerer,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { method = 'GET', url = '/', headers } = request
  const asked = { method, path: url, host: headers.host ?? '', time: timestamp(world.clock.now()) }
  const { contentType, text } = renderPage(answerer, asked, headers.accept)
  response.writeHead(200, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    vary: 'accept',
  })
  // A body that nobody reads would hold up the next request of the connection.
  request.resume()
  response.end(method === 'HEAD' ? undefined : text)
}
