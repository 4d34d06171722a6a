import { messageOf } from '@meridian/runner'
import { loadClientConfig } from '../kubeconfig/client-config.ts'
import { errorOfFailure } from './errors.ts'
import type { Wire } from './exchange.ts'
import type { Channel } from './kube.ts'
import { userHeaders } from './user-headers.ts'

/** Opens a WebSocket to a path of the API server; each message is one byte of channel number and then data. */
export async function openChannel(
  wire: Wire,
  path: string,
  receive: (channel: number, data: Buffer) => void,
): Promise<Channel> {
  const { WebSocketHandler } = await import('@kubernetes/client-node/dist/web-socket-handler.js')
  // A configuration of its own: what is changed in it must not reach other requests.
  const config = await loadClientConfig(wire.kubeconfig, wire.proxy)
  const authenticate = config.applyToHTTPSOptions.bind(config)
  config.applyToHTTPSOptions = async options => {
    await authenticate(options)
    options.headers = {
      ...options.headers,
      ...(await userHeaders(wire.kubeconfig)),
      'User-Agent': wire.userAgent,
    }
  }
  const socket = await new WebSocketHandler(config)
    .connect(path, null, (channel, data) => {
      receive(channel, data)
      return true
    })
    .catch(failure => {
      throw errorOfFailure(wire, `connect ${path.split('?')[0]}`, errorOfEvent(failure))
    })
  const end = () => socket.close()
  wire.signal.addEventListener('abort', end, { once: true })
  const closed = new Promise<void>(resolve => socket.addEventListener('close', () => resolve()))
  socket.addEventListener('error', end)
  closed.then(() => wire.signal.removeEventListener('abort', end))
  return {
    send: (channel, data) => socket.send(Buffer.concat([Buffer.from([channel]), data])),
    close: end,
    closed,
  }
}

/** The handler rejects with the WebSocket's error event, not with its error. */
function errorOfEvent(failure: unknown): Error {
  const { error, message } = failure as { error?: unknown; message?: string }
  return error instanceof Error ? error : new Error(message ?? messageOf(failure))
}
