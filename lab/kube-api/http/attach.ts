import { listAt, textAt, valueAt } from '@meridian/lab-world/json'
import { type WebSocket, WebSocketServer } from 'ws'
import { badRequest, StatusError } from '../status-error.ts'
import { isTrue, type ResourceCall } from './call.ts'
import type { Upgrade } from './port-forward.ts'
import { findObject } from './read.ts'

// Every message begins with its channel; version 5 of the protocol has one more, on which a channel is closed.
const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io']
const channels = { stdin: 0, stdout: 1, stderr: 2, error: 3, close: 255 } as const

const sockets = new WebSocketServer({
  noServer: true,
  handleProtocols: offered => protocols.find(each => offered.has(each)) ?? false,
})

/**
 * Attaches a client to a container: as nothing runs there, nothing is heard but that. Ends with the container, or with
 * what the client has to say. Throws 400 for a client or container that cannot be attached.
 */
export function attach(call: ResourceCall, { request, socket, head }: Upgrade): void {
  const { query } = call
  const pod = findObject(call)
  const { name, namespace = '' } = pod.metadata
  const container = query.get('container') || textAt(pod, 'spec', 'containers', 0, 'name')
  const names = listAt(pod, 'spec', 'containers').map(each => textAt(each, 'name'))
  if (!names.includes(container)) throw badRequest(`container ${container} is not valid for pod ${name}`)
  if (!isRunning(pod, container))
    throw new StatusError(
      500,
      'InternalError',
      `container ${container} not found in pod ${name}_${namespace}`,
    )
  if (!(request.headers['sec-websocket-protocol'] ?? '').split(/,\s*/).some(each => protocols.includes(each)))
    throw badRequest(`attach is served through WebSockets alone here, by ${protocols.join(' or ')}`)
  sockets.handleUpgrade(request, socket, head, channel => {
    const notice = `The lab runs nothing in container ${container}: it neither reads nor writes.`
    if (isTrue(query.get('tty'))) say(channel, 'stdout', `${notice}\r\n`)
    else if (isTrue(query.get('stderr'))) say(channel, 'stderr', `${notice}\n`)
    const finish = () => {
      say(channel, 'error', JSON.stringify({ metadata: {}, status: 'Success' }))
      channel.close(1000)
    }
    channel.on('message', data => {
      if (Buffer.isBuffer(data) && data[0] === channels.close && data[1] === channels.stdin) finish()
    })
    channel.on('error', () => channel.terminate())
    channel.on('close', whenEnded(call, container, finish))
  })
}

/** Calls back once when a container of the addressed pod runs no more; the function that is returned calls it off. */
export function whenEnded({ store, target }: ResourceCall, container: string, ended: () => void): () => void {
  const stop = store.watch('Pod', ({ type, object }) => {
    const { name, namespace } = object.metadata
    if (name !== target.name || namespace !== target.namespace) return
    if (type !== 'DELETED' && isRunning(object, container)) return
    stop()
    ended()
  })
  return stop
}

/** Whether a pod's status says that a container runs. */
export function isRunning(pod: unknown, container: string): boolean {
  const status = listAt(pod, 'status', 'containerStatuses').find(each => textAt(each, 'name') === container)
  return valueAt(status, 'state', 'running') !== undefined
}

function say(channel: WebSocket, name: keyof typeof channels, text: string): void {
  channel.send(Buffer.concat([Buffer.of(channels[name]), Buffer.from(text)]))
}
