import { request } from 'node:https'
import { type Fields, textAt } from '@meridian/lab-world/json'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { issueClientCertificate, type KeyPair } from '../certificates.ts'
import { configMap, patchTypes, startTestServer, type TestServer } from './test-server.ts'

const maps = '/api/v1/namespaces/default/configmaps'
let api: TestServer
let admin: KeyPair
beforeEach(async () => {
  await api?.server.close()
  api = await startTestServer()
  admin = await issueClientCertificate(api.authority, { user: 'admin', groups: ['system:masters'] })
})
afterAll(() => api.server.close())

/** The first `count` events of a watch; fewer if the server ends it. */
async function watch(
  query: string,
  count: number,
  act: () => Promise<unknown> = async () => {},
): Promise<Fields[]> {
  const response = await new Promise<AsyncIterable<Buffer> & { destroy(): void }>((resolve, reject) => {
    request({
      host: '127.0.0.1',
      port: api.server.port,
      path: `${maps}?watch=true&${query}`,
      ca: api.authority.certificate,
      key: admin.key,
      cert: admin.certificate,
      agent: false,
    })
      .on('response', resolve)
      .on('error', reject)
      .end()
  })
  await act()
  const events: Fields[] = []
  let text = ''
  if (count > 0) {
    for await (const chunk of response) {
      text += chunk
      const lines = text.split('\n')
      text = lines.pop() ?? ''
      events.push(...lines.map(line => JSON.parse(line) as Fields))
      if (events.length >= count) break
    }
  }
  response.destroy()
  return events.slice(0, count)
}

const brief = (events: Fields[]) =>
  events.map(event => `${event.type} ${textAt(event, 'object', 'metadata', 'name')}`)

describe('watching', () => {
  test('begins with what is there, then tells what changes', async () => {
    await api.call('POST', maps, { body: configMap('a') })
    const events = await watch('fieldSelector=metadata.name!%3Dkube-root-ca.crt', 4, async () => {
      await api.call('POST', maps, { body: configMap('b') })
      await api.call('PATCH', `${maps}/b`, { body: { data: { x: '1' } }, type: patchTypes.merge })
      await api.call('DELETE', `${maps}/b`)
    })
    expect(brief(events)).toEqual(['ADDED a', 'ADDED b', 'MODIFIED b', 'DELETED b'])
  })

  test('from a version tells everything that came after it', async () => {
    const { body } = await api.call('POST', maps, { body: configMap('a') })
    await api.call('DELETE', `${maps}/a`)
    const events = await watch(`resourceVersion=${textAt(body, 'metadata', 'resourceVersion')}`, 1)
    expect(brief(events)).toEqual(['DELETED a'])
  })

  test('from a version that is forgotten has expired', async () => {
    await api.call('POST', maps, { body: configMap('a') })
    await api.call('POST', maps, { body: configMap('b') })
    api.server.store.history.compact(1)
    const [event] = await watch('resourceVersion=1', 1)
    expect(event).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } })
    expect(textAt(event, 'object', 'message')).toMatch(/^too old resource version: 1 \(\d+\)$/)
  })

  test('shows an object that begins to match as added and one that ceases to as deleted', async () => {
    const events = await watch('labelSelector=on', 2, async () => {
      await api.call('POST', maps, { body: configMap('a') })
      await api.call('PATCH', `${maps}/a`, {
        body: { metadata: { labels: { on: 'yes' } } },
        type: patchTypes.merge,
      })
      await api.call('PATCH', `${maps}/a`, { body: { metadata: { labels: null } }, type: patchTypes.merge })
    })
    expect(brief(events)).toEqual(['ADDED a', 'DELETED a'])
  })

  test('marks the end of the initial objects with a bookmark', async () => {
    const query = 'sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan'
    const events = await watch(query, 2)
    expect(events).toMatchObject([
      { type: 'ADDED' },
      { type: 'BOOKMARK', object: { metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } } },
    ])
  })

  test('ends after the given time', async () => {
    expect(brief(await watch('timeoutSeconds=1', 99))).toEqual(['ADDED kube-root-ca.crt'])
  })
})
