import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Asked = { path: string; authorization: string | undefined }

/** GitHub's answer to questions for pull requests, on loopback: a state, or a status without one. */
export async function startGithub(answers: Readonly<Record<string, 'open' | 'closed' | number>>) {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push({ path, authorization: request.headers.authorization })
    const answer = answers[path] ?? 404
    response.writeHead(typeof answer === 'number' ? answer : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(typeof answer === 'number' ? { message: 'no' } : { state: answer }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    [Symbol.asyncDispose]: () =>
      new Promise<void>(resolve => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
