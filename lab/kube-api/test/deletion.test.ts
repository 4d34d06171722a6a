import { textAt } from '@meridian/lab-world/json'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { configMap, patchTypes, startTestServer, type TestServer, web } from './test-server.ts'

const maps = '/api/v1/namespaces/default/configmaps'
let api: TestServer
beforeEach(async () => {
  await api?.server.close()
  api = await startTestServer()
})
afterAll(() => api.server.close())

/** Owner `owner` with the dependent `child`, both ConfigMaps. */
async function family(options: { blockOwnerDeletion?: boolean; finalizers?: string[] } = {}): Promise<void> {
  const { finalizers, ...reference } = options
  const owner = await api.call('POST', maps, { body: configMap('owner') })
  const ownerReferences = [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: 'owner',
      uid: textAt(owner.body, 'metadata', 'uid'),
      ...reference,
    },
  ]
  const child = configMap('child')
  await api.call('POST', maps, {
    body: { ...child, metadata: { ...child.metadata, ownerReferences, finalizers } },
  })
}

const status = async (path: string) => (await api.call('GET', path)).status

describe('deleting', () => {
  test('answers with a Status that names what is gone', async () => {
    const created = await api.call('POST', maps, { body: configMap('a') })
    expect((await api.call('DELETE', `${maps}/a`)).body).toMatchObject({
      kind: 'Status',
      status: 'Success',
      details: { name: 'a', kind: 'configmaps', uid: textAt(created.body, 'metadata', 'uid') },
    })
    expect(await status(`${maps}/a`)).toBe(404)
  })

  test('answers with some kinds as they were, as the published client expects', async () => {
    const path = '/api/v1/namespaces/default/serviceaccounts'
    await api.call('POST', path, { body: { metadata: { name: 'robot' } } })
    expect((await api.call('DELETE', `${path}/robot`)).body).toMatchObject({
      kind: 'ServiceAccount',
      metadata: { name: 'robot' },
    })
  })

  test('waits for finalizers, and takes no new ones', async () => {
    const held = configMap('a')
    await api.call('POST', maps, {
      body: { ...held, metadata: { ...held.metadata, finalizers: ['example.com/hold'] } },
    })
    const deleted = await api.call('DELETE', `${maps}/a`)
    expect(textAt(deleted.body, 'metadata', 'deletionTimestamp')).not.toBe('')
    const more = { metadata: { finalizers: ['example.com/hold', 'example.com/more'] } }
    expect((await api.call('PATCH', `${maps}/a`, { body: more, type: patchTypes.merge })).status).toBe(422)
    await api.call('PATCH', `${maps}/a`, { body: { metadata: { finalizers: null } }, type: patchTypes.merge })
    expect(await status(`${maps}/a`)).toBe(404)
  })

  test('checks the uid it was given', async () => {
    await api.call('POST', maps, { body: configMap('a') })
    const body = { preconditions: { uid: '00000000-0000-0000-0000-000000000000' } }
    expect((await api.call('DELETE', `${maps}/a`, { body })).status).toBe(409)
    expect(await status(`${maps}/a`)).toBe(200)
  })

  test('removes a selection at once', async () => {
    await api.call('POST', maps, { body: configMap('a', {}, { old: 'yes' }) })
    await api.call('POST', maps, { body: configMap('b') })
    await api.call('DELETE', `${maps}?labelSelector=old`)
    expect(await status(`${maps}/a`)).toBe(404)
    expect(await status(`${maps}/b`)).toBe(200)
  })
})

describe('across all namespaces', () => {
  // What is known of the router of Kubernetes: the path of a kind without namespace has a GET and nothing else.
  test.each(['DELETE', 'POST', 'PUT', 'PATCH'])('a %s is not allowed', async method => {
    await api.call('POST', maps, { body: configMap('a') })
    const { status: code, body } = await api.call(method, '/api/v1/configmaps', { body: configMap('b') })
    expect([code, body.reason]).toEqual([405, 'MethodNotAllowed'])
    expect(await status(`${maps}/a`)).toBe(200)
  })

  test('nothing of a single name is found', async () => {
    await api.call('POST', maps, { body: configMap('a') })
    expect((await api.call('DELETE', '/api/v1/configmaps/a')).body.message).toBe(
      'the server could not find the requested resource',
    )
  })
})

describe('garbage collection', () => {
  test('takes dependents after their owner', async () => {
    await family()
    await api.call('DELETE', `${maps}/owner`)
    expect(await status(`${maps}/child`)).toBe(404)
  })

  test('leaves orphans', async () => {
    await family()
    await api.call('DELETE', `${maps}/owner?propagationPolicy=Orphan`)
    const child = await api.call('GET', `${maps}/child`)
    expect(await status(`${maps}/owner`)).toBe(404)
    expect(child.body.metadata).not.toHaveProperty('ownerReferences')
  })

  test('keeps an owner in the foreground until its dependents are gone', async () => {
    await family({ blockOwnerDeletion: true, finalizers: ['example.com/hold'] })
    await api.call('DELETE', `${maps}/owner`, { body: { propagationPolicy: 'Foreground' } })
    expect(await status(`${maps}/owner`)).toBe(200)
    await api.call('PATCH', `${maps}/child`, {
      body: { metadata: { finalizers: null } },
      type: patchTypes.merge,
    })
    expect(await status(`${maps}/child`)).toBe(404)
    expect(await status(`${maps}/owner`)).toBe(404)
  })

  test('removes an object whose owner is not there any more', async () => {
    await family()
    const orphan = await api.call('GET', `${maps}/child`)
    await api.call('DELETE', `${maps}/owner`)
    const { ownerReferences } = orphan.body.metadata as { ownerReferences: unknown }
    const late = configMap('late')
    await api.call('POST', maps, { body: { ...late, metadata: { ...late.metadata, ownerReferences } } })
    expect(await status(`${maps}/late`)).toBe(404)
  })
})

describe('a namespace', () => {
  const namespace = { metadata: { name: 'shop' } }

  test('begins active, with its own account', async () => {
    const created = await api.call('POST', '/api/v1/namespaces', { body: namespace })
    expect(created.body).toMatchObject({
      status: { phase: 'Active' },
      spec: { finalizers: ['kubernetes'] },
      metadata: { labels: { 'kubernetes.io/metadata.name': 'shop' } },
    })
    expect(await status('/api/v1/namespaces/shop/serviceaccounts/default')).toBe(200)
  })

  test('goes with everything in it', async () => {
    await api.call('POST', '/api/v1/namespaces', { body: namespace })
    const body = { ...web(), metadata: { name: 'web' } }
    await api.call('POST', '/apis/apps/v1/namespaces/shop/deployments', { body })
    const deleted = await api.call('DELETE', '/api/v1/namespaces/shop')
    expect(deleted.body).toMatchObject({ status: { phase: 'Terminating' } })
    expect(await status('/apis/apps/v1/namespaces/shop/deployments/web')).toBe(404)
    expect(await status('/api/v1/namespaces/shop')).toBe(404)
  })

  test('stays while something in it is held, and takes nothing new', async () => {
    await api.call('POST', '/api/v1/namespaces', { body: namespace })
    const path = '/api/v1/namespaces/shop/configmaps'
    await api.call('POST', path, { body: { metadata: { name: 'a', finalizers: ['example.com/hold'] } } })
    await api.call('DELETE', '/api/v1/namespaces/shop')
    const refused = await api.call('POST', path, { body: { metadata: { name: 'b' } } })
    expect(refused).toMatchObject({
      status: 403,
      body: {
        message:
          'configmaps "b" is forbidden: unable to create new content in namespace shop because it is being terminated',
        details: { causes: [{ reason: 'NamespaceTerminating' }] },
      },
    })
    await api.call('PATCH', `${path}/a`, { body: { metadata: { finalizers: null } }, type: patchTypes.merge })
    expect(await status('/api/v1/namespaces/shop')).toBe(404)
  })

  test('that Kubernetes needs may not be deleted', async () => {
    const { status: code, body } = await api.call('DELETE', '/api/v1/namespaces/kube-system')
    expect({ code, message: body.message }).toEqual({
      code: 403,
      message: 'namespaces "kube-system" is forbidden: this namespace may not be deleted',
    })
  })
})
