import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, isIP, type Socket } from 'node:net'
import { answerControl } from './answer-control.ts'
import { openTunnel } from './connect-tunnel.ts'
import type { ControlRoutes } from './control-routes.ts'
import type { Network } from './network.ts'
import { type Passage, passRequest } from './pass-request.ts'
import type { World } from './world.ts'

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

export type FrontDoor = { url: string; port: number; close(): Promise<void> }

type FrontDoorParts = {
  aws: RequestHandler
  control: ControlRoutes
  /** Whose path begins with `root`; everything else is AWS's. */
  github?: { root: string; handler: RequestHandler }
  /** The host that a name of the DNS sends a client to, who is at this address as far as he says so. */
  hostBehind?: (name: string, client: string | undefined) => string | undefined
  /** What people see in a browser, below `/_world/page`; they are sent there from `/`. Undefined where there is nothing to see. */
  page?: () => RequestHandler | undefined
  port?: number
}

/**
 * The one address of a world, on loopback: AWS requests, the control routes under `/_world/`, an HTTP proxy that knows
 * the world's names, and what answers behind these names to whoever sends them as `Host`.
 */
export async function openFrontDoor(world: World, parts: FrontDoorParts): Promise<FrontDoor> {
  let url = ''
  let ownPort = 0
  const control: ControlRoutes = {
    // Whoever asks by another name came through a proxy that knows it, and needs none in his kubeconfigs.
    'GET /_world/proxy': ({ headers }) => ({ body: url.endsWith(`//${headers.host}`) ? { url } : {} }),
    'GET /_world/clock': () => ({ body: { scale: world.clock.scale } }),
    ...parts.control,
  }
  const server = createServer((request, response) => {
    // Clients correct their clocks by the date of an answer.
    response.setHeader('date', new Date(world.clock.now()).toUTCString())
    // What nearly every request is for; to read its URL would take longer than to find its service.
    const own = request.url?.startsWith('/') && request.headers.host === `127.0.0.1:${ownPort}`
    const passage = own ? undefined : findPassage(world.network, request, parts.hostBehind)
    if (passage && passage.localPort !== ownPort) return passRequest(passage, request, response)
    const page = parts.page?.()
    if (page && isFromBrowser(request)) return response.writeHead(302, { location: '/_world/page' }).end()
    if (page && isBelow(request, pageRoot))
      return page(request, response).catch(error => breakOff(response, error))
    const handler = parts.github && isBelow(request, parts.github.root) ? parts.github.handler : parts.aws
    const serve = isBelow(request, '/_world')
      ? answerControl(world.accounts, control, request, response)
      : handler(request, response)
    serve.catch(error => breakOff(response, error))
  })
  // Closed by a busy process as soon as Node would, a connection breaks under a request that is on its way.
  server.keepAliveTimeout = 120_000
  const sockets = new Set<Socket>()
  server.on('connection', socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('connect', (request, socket, head) => openTunnel(world.network, request.url ?? '', socket, head))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(parts.port ?? 0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  ownPort = port
  url = `http://127.0.0.1:${port}`
  return {
    url,
    port,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

const pageRoot = '/_world/page'

const isBelow = ({ url }: IncomingMessage, root: string) =>
  url === root || url?.startsWith(`${root}/`) === true

/** Nobody but a browser asks for the buckets of an account as a page, and without a signature. */
const isFromBrowser = ({ method, url, headers }: IncomingMessage) =>
  method === 'GET' && url === '/' && !headers.authorization && headers.accept?.includes('text/html') === true

/** What the world knows by the name that a request is for: that of its URL, if it was sent to a proxy, or its host. */
function findPassage(
  network: Network,
  { url = '/', headers }: IncomingMessage,
  hostBehind: FrontDoorParts['hostBehind'],
): Passage | undefined {
  const target = URL.parse(url.startsWith('/') ? `http://${headers.host}${url}` : url)
  if (target?.protocol !== 'http:') return undefined
  const port = Number(target.port || 80)
  const client = String(headers['x-forwarded-for'] ?? '') || undefined
  const localPort =
    network.resolve(target.hostname, port) ??
    // No record leads from an address, as the front door's own is in nearly every request.
    (isIP(target.hostname) === 0
      ? network.resolve(hostBehind?.(target.hostname, client) ?? '', port)
      : undefined)
  const path = `${target.pathname}${target.search}`
  return localPort === undefined ? undefined : { localPort, path, host: target.host }
}

function breakOff(response: ServerResponse, error: unknown): void {
  if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' })
  response.end(`the world broke: ${error instanceof Error ? error.stack : String(error)}`)
}
