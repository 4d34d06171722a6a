import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

type Asked = { path: string; authorization: string | undefined }
/** A pull request of the repository with an id, or a status without one; 429 wants no wait. */
export type Answer = { state: 'open' | 'closed'; id: number } | number

/** GitHub's answers to questions for pull requests, on loopback: the next of a list each time, and the last from then on. */
export async function startGithub(answers: Readonly<Record<string, Answer | Answer[]>>) {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push({ path, authorization: request.headers.authorization })
    const planned = [answers[path] ?? 404].flat()
    const times = asked.filter(each => each.path === path).length
    const answer = planned[Math.min(times, planned.length) - 1] ?? 404
    response.writeHead(typeof answer === 'number' ? answer : 200, {
      'content-type': 'application/json',
      ...(answer === 429 && { 'retry-after': '0' }),
    })
    const body =
      typeof answer === 'number'
        ? { message: 'no' }
        : { state: answer.state, base: { repo: { id: answer.id } } }
    response.end(JSON.stringify(body))
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
