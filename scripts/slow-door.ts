import { createServer, request as forward } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export const roundTripMilliseconds = 80

/** Passes requests on after a round trip's time. */
export async function openSlowDoor(target: string): Promise<{ url: string; close(): void }> {
  const server = createServer(async (incoming, response) => {
    await sleep(roundTripMilliseconds)
    const { method, headers } = incoming
    const onward = forward(new URL(incoming.url ?? '/', target), { method, headers }, answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    incoming.pipe(onward)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() }
}
