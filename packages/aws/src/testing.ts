import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Received = { path: string; headers: IncomingMessage['headers']; body: string }
export type Reply = {
  status?: number
  body: string
  type?: string /** Of the server's clock. */
  date?: string
  headers?: Record<string, string>
}

/** A server on loopback that answers as AWS does, and keeps what it received. */
export async function serve(reply: (request: Received, count: number) => Reply) {
  const requests: Received[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const received = { path: request.url ?? '', headers: request.headers, body }
    requests.push(received)
    const { status = 200, type = 'text/xml', date, headers, body: text } = reply(received, requests.length)
    const own = { 'x-amzn-requestid': `request-${requests.length}` }
    response.writeHead(status, { 'content-type': type, ...own, ...(date && { date }), ...headers }).end(text)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    [Symbol.asyncDispose]: () =>
      new Promise<void>(resolve => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
