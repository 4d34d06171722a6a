import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import {
  createAuthority,
  issueClientCertificate,
  issueServerCertificate,
} from '@meridian/lab-kube-api/certificates'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildKubeconfig, connectKube, isForeignAnswer, type Kube } from '../src/index.ts'

type Page = { status: number; type: string; body: string }

const html = '<html><body>Sign in to go on</body></html>'
const core = {
  kind: 'APIResourceList',
  groupVersion: 'v1',
  resources: [{ name: 'configmaps', kind: 'ConfigMap', namespaced: true }],
}
const noGroups = { kind: 'APIGroupList', apiVersion: 'v1', groups: [] }
const status = (code: number, reason: string) => ({
  status: code,
  type: 'application/json',
  body: JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, code }),
})
const json = (body: unknown): Page => ({ status: 200, type: 'application/json', body: JSON.stringify(body) })

const pages: [string, Page][] = [
  ['404 and a page', { status: 404, type: 'text/html', body: html }],
  ['404 and JSON of its own', { status: 404, type: 'application/json', body: '{"error":"no route"}' }],
  ['404 and nothing', { status: 404, type: 'text/plain', body: '' }],
  ['403 and a page', { status: 403, type: 'text/html', body: html }],
  ['200 and a page', { status: 200, type: 'text/html', body: html }],
  ['200 and nothing', { status: 200, type: 'text/plain', body: '' }],
  ['200, JSON and nothing', { status: 200, type: 'application/json', body: 'null' }],
  ['200 and JSON of its own', json({ ok: true })],
  ['200 and a list without kind', json({ items: [] })],
  ['200 and a list without items', json({ kind: 'ConfigMapList', apiVersion: 'v1' })],
  ['200 and another kind', json({ kind: 'Status', apiVersion: 'v1' })],
]

let answers: (path: string) => Page | undefined
let kube: () => Kube
let close: () => void

beforeAll(async () => {
  const authority = await createAuthority('kubernetes-ca')
  const [own, client] = await Promise.all([
    issueServerCertificate(authority, ['127.0.0.1']),
    issueClientCertificate(authority, { user: 'admin', groups: ['system:masters'] }),
  ])
  const server = createServer({ key: own.key, cert: own.certificate }, (request, response) => {
    const { status, type, body } = answers(request.url ?? '') ?? json(core)
    response.writeHead(status, { 'content-type': type }).end(body)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  close = () => server.close().closeAllConnections()
  const config = buildKubeconfig({
    context: 'usa',
    server: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ca: authority.certificate,
    cert: client.certificate,
    key: client.key,
  })
  const { signal } = new AbortController()
  kube = () => connectKube(config, { context: 'usa', userAgent: 'meridian-test/1', signal, env: {} })
})
afterAll(() => close())

const type = { apiVersion: 'v1', kind: 'ConfigMap' }
const ref = { ...type, namespace: 'default', name: 'a' }
const calls: [string, (kube: Kube) => Promise<unknown>][] = [
  ['get', kube => kube.get(ref)],
  ['list', kube => kube.list(type)],
  ['remove', kube => kube.remove(ref)],
  ['patch', kube => kube.patch(ref, {}, 'merge')],
]
// A Status is what a server answers to these, and an object of any kind.
const meantFor: Record<string, RegExp> = {
  remove: /another kind|without items/,
  patch: /another kind|without items/,
}

describe.each(calls)('%s', (name, call) => {
  const meant = pages.filter(([title]) => !meantFor[name]?.test(title))

  test.each(meant)('does not take %s for an answer', async (_, page) => {
    answers = path => (path === '/api/v1' ? undefined : page)
    await expect(call(kube())).rejects.toSatisfy(isForeignAnswer)
  })

  test.each(pages.slice(0, -1))('does not take %s for what the server serves', async (_, page) => {
    answers = () => page
    await expect(call(kube())).rejects.toSatisfy(isForeignAnswer)
  })
})

describe("the server's own word", () => {
  test('that there is no such object is an answer', async () => {
    answers = path => (path === '/api/v1' ? undefined : status(404, 'NotFound'))
    expect(await kube().get(ref)).toBeUndefined()
    expect(await kube().remove(ref)).toBe(false)
  })

  test('that it does not know a group is its list of groups, since it says 404 as anybody does', async () => {
    const notFound = { status: 404, type: 'text/plain', body: '404 page not found\n' }
    answers = path => (path === '/apis' ? json(noGroups) : notFound)
    const foreign = { apiVersion: 'x.io/v1', kind: 'Thing' }
    await expect(kube().list(foreign)).rejects.toMatchObject({ reason: 'UnknownKind' })
    answers = () => notFound
    await expect(kube().list(foreign)).rejects.toSatisfy(isForeignAnswer)
  })

  test('that it knows a group, which it does not show, is not that there is none', async () => {
    const group = { name: 'x.io', versions: [{ groupVersion: 'x.io/v1' }] }
    answers = path =>
      path === '/apis'
        ? json({ ...noGroups, groups: [group] })
        : { status: 404, type: 'text/html', body: html }
    await expect(kube().list({ apiVersion: 'x.io/v1', kind: 'Thing' })).rejects.toSatisfy(isForeignAnswer)
  })
})
