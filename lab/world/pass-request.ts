import { type IncomingMessage, request, type ServerResponse } from 'node:http'

const ownHeaders = new Set(['proxy-authorization', 'proxy-connection', 'connection', 'keep-alive'])

/** Where a request goes: a port of loopback, and what is asked for there. */
export type Passage = { localPort: number; path: string; host: string }

/** Passes a request on and its answer back; 503 where nobody answers. */
export function passRequest(
  { localPort, path, host }: Passage,
  asked: IncomingMessage,
  response: ServerResponse,
): void {
  const headers = Object.entries(asked.headers).filter(([name]) => !ownHeaders.has(name))
  const sent = request(
    {
      host: '127.0.0.1',
      port: localPort,
      method: asked.method,
      path,
      headers: Object.fromEntries(headers),
    },
    answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    },
  )
  sent.on('error', () => (response.headersSent ? response.destroy() : refuseUnreachable(host, response)))
  asked.pipe(sent)
}

/** Answers 503 in a proxy's place, for a host that cannot be reached. */
export function refuseUnreachable(host: string, response: ServerResponse): void {
  response.writeHead(503).end(`${host} could not be reached`)
}
