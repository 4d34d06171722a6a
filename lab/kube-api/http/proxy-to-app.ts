import { type IncomingHttpHeaders, type IncomingMessage, request as send } from 'node:http'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { connect as connectTls } from 'node:tls'
import { listAt, numberAt, textAt } from '@meridian/lab-world/json'
import { type Endpoint, readyEndpoints } from '../service-endpoints.ts'
import { badRequest, notFound, serviceUnavailable } from '../status-error.ts'
import type { Reply, ResourceCall } from './call.ts'

type Wanted = { scheme: string; name: string; port: string }

const kept = new Set(['pods', 'services'])
// What concerns one connection only, or this server alone.
const ownHeaders = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
  ...['authorization', 'impersonate-user', 'impersonate-group', 'impersonate-uid'],
])

/** Whether the `proxy` of a path leads into a pod, rather than to another server. */
export function leadsToApp({ kind, target }: Pick<ResourceCall, 'kind' | 'target'>): boolean {
  return kind.group === '' && kept.has(target.plural)
}

/**
 * Passes a request on to a pod, or to one of those behind a service, and answers as it does; links in pages stay as they
 * are. `[scheme:]name[:port]` says where, a port of a service by number or name. Throws 400, 404 or 503 as Kubernetes.
 */
export async function proxyToApp(call: ResourceCall): Promise<Reply | undefined> {
  const { target, request, response, options } = call
  const wanted = readWanted(target.plural, target.name ?? '')
  const place = target.plural === 'pods' ? podEndpoint(call, wanted) : serviceEndpoint(call, wanted)
  if (target.rest === '' && (request.method === 'GET' || request.method === 'HEAD')) return redirect(call)
  const connection = options.dial?.(place.namespace, place.pod, place.port)
  if (!connection) throw unreachable(`dial tcp ${place.address}:${place.port}: connect: connection refused`)
  const answer = await passOn(call, wanted.scheme, connection).catch(error => {
    throw unreachable(error instanceof Error ? error.message : String(error))
  })
  response.writeHead(answer.statusCode ?? 502, withoutOwn(answer.headers))
  await pipeline(answer, response).catch(() => void response.destroy())
  return undefined
}

function unreachable(reason: string) {
  return serviceUnavailable(`error trying to reach service: ${reason}`)
}

function readWanted(plural: string, id: string): Wanted {
  const parts = id.split(':')
  const [scheme = '', name = '', port = ''] =
    parts.length === 3 ? parts : ['', parts[0] ?? '', parts[1] ?? '']
  const sound = name !== '' && parts.length <= 3 && ['', 'http', 'https'].includes(scheme)
  if (!sound) throw badRequest(`invalid ${plural.slice(0, -1)} request ${JSON.stringify(id)}`)
  return { scheme, name, port }
}

function podEndpoint({ store, kind, target }: ResourceCall, { name, port }: Wanted): Endpoint {
  const { namespace = '' } = target
  const pod = store.get('Pod', namespace, name)
  if (!pod) throw notFound(kind, name)
  const address = textAt(pod, 'status', 'podIP')
  if (address === '') throw badRequest('address not allowed')
  const ports = listAt(pod, 'spec', 'containers').flatMap(container => listAt(container, 'ports'))
  return {
    address,
    namespace,
    pod: name,
    port: port === '' ? numberAt(ports[0], 'containerPort') || 80 : Number(port),
  }
}

function serviceEndpoint({ store, kind, target }: ResourceCall, { name, port }: Wanted): Endpoint {
  const service = store.get('Service', target.namespace, name)
  if (!service) throw notFound(kind, name)
  let portName = port
  if (/^\d+$/.test(port)) {
    const found = listAt(service, 'spec', 'ports').find(each => numberAt(each, 'port') === Number(port))
    if (!found) throw serviceUnavailable(`no service port ${port} found for service ${JSON.stringify(name)}`)
    portName = textAt(found, 'name')
  }
  const endpoints = readyEndpoints(store, service, portName)
  const endpoint = endpoints[Math.floor(Math.random() * endpoints.length)]
  if (!endpoint) throw serviceUnavailable(`no endpoints available for service ${JSON.stringify(name)}`)
  return endpoint
}

/** Pages have relative links, which need the slash. */
function redirect({ request, response, search }: ResourceCall): undefined {
  const [path = ''] = (request.url ?? '').split('?')
  response.writeHead(301, { location: `${path}/${search}` }).end()
}

function passOn(call: ResourceCall, scheme: string, connection: Duplex): Promise<IncomingMessage> {
  const { request, response, target, search } = call
  const stream =
    scheme === 'https' ? connectTls({ socket: connection, rejectUnauthorized: false }) : connection
  return new Promise((resolve, reject) => {
    const passed = send({
      method: request.method,
      path: `${target.rest || '/'}${search}`,
      headers: {
        ...withoutOwn(request.headers),
        'x-forwarded-uri': new URL(request.url ?? '/', 'https://localhost').pathname,
        'x-forwarded-host': request.headers.host ?? '',
        'x-forwarded-for': request.socket.remoteAddress ?? '',
      },
      createConnection: () => stream,
    })
    passed.on('response', resolve)
    passed.on('error', reject)
    response.on('close', () => passed.destroy())
    request.pipe(passed)
  })
}

function withoutOwn(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ownHeaders.has(name)))
}
