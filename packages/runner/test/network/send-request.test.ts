import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { sendRequest } from '../../src/index.ts'

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const { signal } = new AbortController()
const plain = { env: {}, signal }

test('a request has its method, headers and body', async () => {
  const url = await serve(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const { method, headers } = request
    response.setHeader('x-own', 'yes')
    response.end(
      JSON.stringify([method, headers.a, headers['content-length'], Buffer.concat(parts).toString()]),
    )
  })
  const answer = await sendRequest(url, { ...plain, method: 'POST', headers: { a: 'b' }, body: 'é' })
  expect([answer.status, answer.headers['x-own']]).toEqual([200, 'yes'])
  expect(JSON.parse(await answer.text())).toEqual(['POST', 'b', '2', 'é'])
})

const redirecting: RequestListener = ({ url }, response) => {
  const count = Number(url?.slice(1))
  if (count === 0) response.end('here')
  else response.writeHead(302, { location: `/${count - 1}` }).end()
}

test.each([
  [2, 2, 200],
  [2, 1, 302],
  [1, undefined, 302],
])('of %i redirections, with %s allowed, the answer is %i', async (count, redirects, status) => {
  const url = `${await serve(redirecting)}/${count}`
  const answer = await sendRequest(url, { ...plain, ...(redirects !== undefined && { redirects }) })
  expect(answer.status).toBe(status)
})

test.each([
  ['before an answer', () => {}],
  ['within one', (response: Parameters<RequestListener>[1]) => void response.write('half')],
])('a time that is over %s is told as such', async (_, begin) => {
  const late = new AbortController()
  const url = await serve((_request, response) => {
    begin(response)
    setImmediate(() => late.abort(new DOMException('too late', 'TimeoutError')))
  })
  const whole = sendRequest(url, { env: {}, signal: late.signal }).then(answer => answer.text())
  await expect(whole).rejects.toMatchObject({ name: 'TimeoutError', message: 'too late' })
})

test('an answer that is not whole is an error of the network', async () => {
  const url = await serve((request, response) => {
    response.writeHead(200, { 'content-length': '10' }).write('half')
    setImmediate(() => request.socket.destroy())
  })
  const whole = sendRequest(url, plain).then(answer => answer.text())
  await expect(whole).rejects.toMatchObject({ code: 'ECONNRESET' })
})
