import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'

const runs = new AsyncLocalStorage<Set<Socket>>()
const channel = 'net.client.socket'

/** Does something, and then ends all connections that it has opened, as the end of its process would. */
export async function endingConnections<T>(work: () => Promise<T>): Promise<T> {
  const own = new Set<Socket>()
  const note = (message: unknown) => {
    const { socket } = message as { socket: Socket }
    if (runs.getStore() === own) own.add(socket)
  }
  subscribe(channel, note)
  try {
    return await runs.run(own, work)
  } finally {
    unsubscribe(channel, note)
    for (const socket of own) socket.destroy()
  }
}
