import { createServer, type Server, type Socket } from 'node:net'
import { messageOf, pause, UserError } from '@meridian/runner'
import type { Condition, KubeObject } from '../objects/object.ts'
import type { Channel, Kube } from './kube.ts'

export type Forward = { readonly localPort: number; close(): void }

type Target = {
  namespace: string
  /** Labels of the pods; any that runs will do. */
  labels: Readonly<Record<string, string>>
  port: number
  /** 0 takes any free port. */
  localPort: number
  signal: AbortSignal
}

const dataChannel = 0
const errorChannel = 1
const retryMilliseconds = 500
/** A client that connects while no pod runs is kept waiting this long before its connection is closed. */
const patienceMilliseconds = 120_000

/**
 * Listens on 127.0.0.1 and carries each connection to a pod through the API server, over a WebSocket of its
 * own. While no pod runs, a connection waits: the pod may come, and may be another at the next connection.
 */
export async function forwardPort(
  kube: Pick<Kube, 'list' | 'openChannel'>,
  target: Target,
): Promise<Forward> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    carry(kube, target, socket).catch(error => socket.destroy(error as Error))
  })
  const localPort = await listen(server, target.localPort)
  const close = () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  target.signal.addEventListener('abort', close, { once: true })
  return { localPort, close }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', error =>
      reject(
        new UserError(`port ${port} of this machine cannot be listened on: ${error.message}`, {
          fix: 'Run one federation at a time on a machine, or free the port.',
          cause: error,
        }),
      ),
    )
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}

async function carry(
  kube: Pick<Kube, 'list' | 'openChannel'>,
  target: Target,
  socket: Socket,
): Promise<void> {
  socket.pause()
  const gone = new AbortController()
  socket.once('close', () => gone.abort())
  const channel = await connect(kube, target, socket, AbortSignal.any([gone.signal, target.signal]))
  if (socket.destroyed) return channel.close()
  socket.on('data', (data: Buffer) => channel.send(dataChannel, data))
  socket.on('end', () => channel.close())
  socket.on('close', () => channel.close())
  socket.resume()
  await channel.closed
  socket.end()
}

async function connect(
  kube: Pick<Kube, 'list' | 'openChannel'>,
  target: Target,
  socket: Socket,
  signal: AbortSignal,
): Promise<Channel> {
  const end = Date.now() + patienceMilliseconds
  for (;;) {
    try {
      return await open(kube, target, socket)
    } catch (error) {
      if (Date.now() > end) throw new Error(`no pod could be reached: ${messageOf(error)}`)
      await pause(retryMilliseconds, signal)
    }
  }
}

async function open(
  kube: Pick<Kube, 'list' | 'openChannel'>,
  target: Target,
  socket: Socket,
): Promise<Channel> {
  const pod = await findRunningPod(kube, target)
  const path = `/api/v1/namespaces/${target.namespace}/pods/${pod}/portforward?ports=${target.port}`
  const receive = receiver(
    data => socket.write(data),
    message => socket.destroy(new Error(message)),
  )
  return kube.openChannel(path, receive)
}

/** Takes the two bytes off each channel with which the server repeats the port. Exported for its test. */
export function receiver(
  onData: (data: Buffer) => void,
  onError: (message: string) => void,
): (channel: number, data: Buffer) => void {
  const greeted = new Set<number>()
  return (channel, bytes) => {
    const data = greeted.has(channel) ? bytes : bytes.subarray(2)
    greeted.add(channel)
    if (data.length === 0) return
    if (channel === dataChannel) onData(data)
    if (channel === errorChannel) onError(data.toString('utf8'))
  }
}

type Pod = KubeObject & { status?: { phase?: string; conditions?: Condition[] } }

async function findRunningPod(kube: Pick<Kube, 'list'>, target: Target): Promise<string> {
  const { namespace, labels } = target
  const pods = await kube.list<Pod>({ apiVersion: 'v1', kind: 'Pod' }, { namespace, labels })
  const running = pods.find(
    pod => pod.status?.phase === 'Running' && pod.metadata.deletionTimestamp === undefined,
  )
  if (running === undefined) throw new Error('no pod is running yet')
  return running.metadata.name
}
