import { textAt, valueAt } from '@meridian/lab-world/json'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { configMap, patchTypes, startTestServer, type TestServer, web } from './test-server.ts'

const maps = '/api/v1/namespaces/default/configmaps'
const deployments = '/apis/apps/v1/namespaces/default/deployments'

let api: TestServer
beforeEach(async () => {
  await api?.server.close()
  api = await startTestServer()
})
afterAll(() => api.server.close())

describe('creating', () => {
  test('gives an object its identity and defaults, and counts its generation', async () => {
    const { status, body } = await api.call('POST', deployments, { body: web() })
    expect(status).toBe(201)
    expect(body.metadata).toMatchObject({ name: 'web', namespace: 'default', generation: 1 })
    expect(textAt(body, 'metadata', 'uid')).toMatch(/^[0-9a-f-]{36}$/)
    expect(textAt(body, 'metadata', 'creationTimestamp')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect(body.spec).toMatchObject({ revisionHistoryLimit: 10, strategy: { type: 'RollingUpdate' } })
  })

  test('refuses what exists already', async () => {
    await api.call('POST', maps, { body: configMap('a') })
    const { status, body } = await api.call('POST', maps, { body: configMap('a') })
    expect({ status, body }).toMatchObject({
      status: 409,
      body: {
        reason: 'AlreadyExists',
        message: 'configmaps "a" already exists',
        details: { name: 'a', kind: 'configmaps' },
      },
    })
  })

  test('makes up a name from generateName', async () => {
    const body = { metadata: { generateName: 'run-' } }
    const created = await api.call('POST', maps, { body })
    expect(textAt(created.body, 'metadata', 'name')).toMatch(/^run-[a-z0-9]{5}$/)
  })

  test('stores nothing on a dry run', async () => {
    const created = await api.call('POST', `${maps}?dryRun=All`, { body: configMap('a') })
    expect(created.status).toBe(201)
    expect((await api.call('GET', `${maps}/a`)).status).toBe(404)
  })

  test.each([
    [
      'a name that DNS does not know',
      { metadata: { name: 'No_Good' } },
      422,
      'a lowercase RFC 1123 subdomain',
    ],
    ['no name', { metadata: {} }, 422, 'name or generateName is required'],
    [
      'another namespace than the path',
      { metadata: { name: 'a', namespace: 'x' } },
      400,
      'the namespace of the provided object',
    ],
    [
      'another kind than the path',
      { kind: 'Secret', metadata: { name: 'a' } },
      400,
      'the kind in the data (Secret)',
    ],
    [
      'a label value with spaces',
      { metadata: { name: 'a', labels: { a: 'b c' } } },
      422,
      'a valid label must be',
    ],
  ])('refuses %s', async (_case, body, code, message) => {
    const answer = await api.call('POST', maps, { body })
    expect(answer.status).toBe(code)
    expect(answer.body.message).toContain(message)
  })

  test('refuses a namespace that does not exist', async () => {
    const { status, body } = await api.call('POST', '/api/v1/namespaces/nope/configmaps', {
      body: { metadata: { name: 'a' } },
    })
    expect({ status, message: body.message }).toEqual({ status: 404, message: 'namespaces "nope" not found' })
  })

  test('refuses a workload whose selector does not select its pods', async () => {
    const body = web()
    body.spec.selector.matchLabels.app = 'other'
    const answer = await api.call('POST', deployments, { body })
    expect(answer.status).toBe(422)
    expect(answer.body.message).toContain('`selector` does not match template `labels`')
  })
})

describe('updating', () => {
  test('with a stale version is a conflict', async () => {
    const created = await api.call('POST', maps, { body: configMap('a') })
    await api.call('PATCH', `${maps}/a`, { body: { data: { x: '1' } }, type: patchTypes.merge })
    const { status, body } = await api.call('PUT', `${maps}/a`, { body: created.body })
    expect({ status, message: body.message }).toEqual({
      status: 409,
      message:
        'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
    })
  })

  test('counts the generation only when the spec changes', async () => {
    await api.call('POST', deployments, { body: web() })
    const labelled = await api.call('PATCH', `${deployments}/web`, {
      body: { metadata: { labels: { a: 'b' } } },
      type: patchTypes.merge,
    })
    expect(valueAt(labelled.body, 'metadata', 'generation')).toBe(1)
    const scaled = await api.call('PATCH', `${deployments}/web`, {
      body: { spec: { replicas: 5 } },
      type: patchTypes.merge,
    })
    expect(valueAt(scaled.body, 'metadata', 'generation')).toBe(2)
  })

  test('that changes nothing keeps the version', async () => {
    const created = await api.call('POST', maps, { body: configMap('a', { x: '1' }) })
    const same = await api.call('PATCH', `${maps}/a`, { body: { data: { x: '1' } }, type: patchTypes.merge })
    expect(valueAt(same.body, 'metadata', 'resourceVersion')).toBe(
      valueAt(created.body, 'metadata', 'resourceVersion'),
    )
  })

  test('writes the status through its subresource only', async () => {
    await api.call('POST', deployments, { body: { ...web(), status: { replicas: 9 } } })
    const status = { status: { replicas: 2 }, spec: { replicas: 7 } }
    await api.call('PATCH', `${deployments}/web`, {
      body: { status: { replicas: 3 } },
      type: patchTypes.merge,
    })
    const before = await api.call('GET', `${deployments}/web`)
    expect(before.body.status).toEqual({})
    const after = await api.call('PATCH', `${deployments}/web/status`, {
      body: status,
      type: patchTypes.merge,
    })
    expect(after.body).toMatchObject({ status: { replicas: 2 }, spec: { replicas: 2 } })
  })

  test('cannot change the selector of a deployment', async () => {
    await api.call('POST', deployments, { body: web() })
    const body = web()
    body.spec.selector.matchLabels.app = 'v2'
    body.spec.template.metadata.labels.app = 'v2'
    const answer = await api.call('PUT', `${deployments}/web`, { body })
    expect(answer.body.message).toContain('spec.selector: Invalid value')
    expect(answer.body.message).toContain('field is immutable')
  })

  test('merges containers by name in a strategic patch', async () => {
    await api.call('POST', deployments, { body: web() })
    const spec = {
      template: {
        spec: {
          containers: [
            { name: 'web', image: 'nginx:1.28' },
            { name: 'log', image: 'log:1' },
          ],
        },
      },
    }
    const { body } = await api.call('PATCH', `${deployments}/web`, {
      body: { spec },
      type: patchTypes.strategic,
    })
    expect(valueAt(body, 'spec', 'template', 'spec', 'containers')).toMatchObject([
      { name: 'web', image: 'nginx:1.28', ports: [{ containerPort: 80 }] },
      { name: 'log', image: 'log:1' },
    ])
  })

  test('scales through the scale subresource', async () => {
    await api.call('POST', deployments, { body: web() })
    const scaled = await api.call('PATCH', `${deployments}/web/scale`, {
      body: { spec: { replicas: 6 } },
      type: patchTypes.merge,
    })
    expect(scaled.body).toMatchObject({
      kind: 'Scale',
      spec: { replicas: 6 },
      status: { selector: 'app=web' },
    })
    expect(valueAt((await api.call('GET', `${deployments}/web`)).body, 'spec', 'replicas')).toBe(6)
  })

  test('refuses a body in a language it does not speak', async () => {
    const answer = await api.call('POST', maps, { body: 'x', type: 'application/cbor' })
    expect(answer).toMatchObject({ status: 415, body: { reason: 'UnsupportedMediaType' } })
  })
})

describe('listing', () => {
  test('selects by labels and fields', async () => {
    await api.call('POST', maps, { body: configMap('a', {}, { tier: 'web' }) })
    await api.call('POST', maps, { body: configMap('b', {}, { tier: 'db' }) })
    const names = async (query: string) => {
      const { body } = await api.call('GET', `${maps}?${query}`)
      return (body.items as unknown[]).map(item => textAt(item, 'metadata', 'name'))
    }
    expect(await names('labelSelector=tier%3Dweb')).toEqual(['a'])
    expect(await names('labelSelector=tier+in+(web,db)')).toEqual(['a', 'b'])
    expect(await names('labelSelector=!tier')).toEqual(['kube-root-ca.crt'])
    expect(await names('fieldSelector=metadata.name%3Db')).toEqual(['b'])
  })

  test('refuses a field that cannot be selected', async () => {
    const { status, body } = await api.call('GET', `${maps}?fieldSelector=data.x%3D1`)
    expect(status).toBe(400)
    expect(body.message).toContain(
      '"data.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
    )
  })

  test('comes in pages', async () => {
    for (const name of ['a', 'b', 'c', 'd'])
      await api.call('POST', maps, { body: configMap(name, {}, { page: 'yes' }) })
    const first = await api.call('GET', `${maps}?labelSelector=page&limit=3`)
    expect(first.body.items).toHaveLength(3)
    const token = textAt(first.body, 'metadata', 'continue')
    const second = await api.call('GET', `${maps}?labelSelector=page&limit=3&continue=${token}`)
    expect(second.body.items).toMatchObject([{ metadata: { name: 'd' } }])
    expect(textAt(second.body, 'metadata', 'continue')).toBe('')
  })
})
