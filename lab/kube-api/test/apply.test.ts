import { type Fields, listAt, textAt, valueAt } from '@meridian/lab-world/json'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { patchTypes, startTestServer, type TestServer, web } from './test-server.ts'

const path = '/apis/apps/v1/namespaces/default/deployments/web'
let api: TestServer

beforeEach(async () => {
  await api?.server.close()
  api = await startTestServer()
})
afterAll(() => api.server.close())

function apply(manager: string, body: unknown, query = '') {
  return api.call('PATCH', `${path}?fieldManager=${manager}${query}`, { body, type: patchTypes.apply })
}

const identity = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } }

describe('server-side apply', () => {
  test('creates what is not there and owns exactly what it says', async () => {
    const { status, body } = await apply('m1', web())
    expect(status).toBe(201)
    expect(listAt(body, 'metadata', 'managedFields')).toMatchObject([
      {
        manager: 'm1',
        operation: 'Apply',
        apiVersion: 'apps/v1',
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:spec': {
            'f:replicas': {},
            'f:selector': {},
            'f:template': {
              'f:metadata': { 'f:labels': { 'f:app': {} } },
              'f:spec': {
                'f:containers': {
                  'k:{"name":"web"}': {
                    '.': {},
                    'f:image': {},
                    'f:name': {},
                    'f:ports': {
                      'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} },
                    },
                  },
                },
              },
            },
          },
        },
      },
    ])
  })

  test('of the same again writes nothing', async () => {
    const first = await apply('m1', web())
    const second = await apply('m1', web())
    expect(second.status).toBe(200)
    expect(valueAt(second.body, 'metadata', 'resourceVersion')).toBe(
      valueAt(first.body, 'metadata', 'resourceVersion'),
    )
  })

  test('refuses to change a field of another manager, in the words of Kubernetes', async () => {
    await apply('m1', web())
    const { status, body } = await apply('m2', { ...identity, spec: { replicas: 5 } })
    expect(status).toBe(409)
    expect(body).toMatchObject({
      reason: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "m1": .spec.replicas',
      details: {
        causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "m1"', field: '.spec.replicas' }],
      },
    })
  })

  test('names every conflict where there are several', async () => {
    await apply('m1', web())
    const containers = [{ name: 'web', image: 'nginx:2' }]
    const { body } = await apply('m2', {
      ...identity,
      spec: { replicas: 5, template: { spec: { containers } } },
    })
    expect(body.message).toBe(
      'Apply failed with 2 conflicts: conflicts with "m1":\n- .spec.replicas\n- .spec.template.spec.containers[name="web"].image',
    )
  })

  test('takes the field over by force', async () => {
    await apply('m1', web())
    const { status, body } = await apply('m2', { ...identity, spec: { replicas: 5 } }, '&force=true')
    expect(status).toBe(200)
    expect(valueAt(body, 'spec', 'replicas')).toBe(5)
    const owner = listAt(body, 'metadata', 'managedFields').find(entry => textAt(entry, 'manager') === 'm1')
    expect(valueAt(owner, 'fieldsV1', 'f:spec', 'f:replicas')).toBeUndefined()
  })

  test('shares a field with a manager that wants the same', async () => {
    await apply('m1', web(3))
    expect((await apply('m2', { ...identity, spec: { replicas: 3 } })).status).toBe(200)
    const { replicas: _, ...spec } = web().spec
    await apply('m1', { ...web(), spec })
    expect(valueAt((await api.call('GET', path)).body, 'spec', 'replicas')).toBe(3)
  })

  test('removes what its manager no longer says', async () => {
    const labelled = { ...web(), metadata: { ...web().metadata, labels: { a: '1', b: '2' } } }
    await apply('m1', labelled)
    const { body } = await apply('m1', { ...labelled, metadata: { ...web().metadata, labels: { a: '1' } } })
    expect(valueAt(body, 'metadata', 'labels')).toEqual({ a: '1' })
  })

  test('removes a container of its own and keeps that of another manager', async () => {
    await apply('m1', web())
    const sidecar = (containers: Fields[]) => ({ ...identity, spec: { template: { spec: { containers } } } })
    await apply(
      'm2',
      sidecar([
        { name: 'log', image: 'log:1' },
        { name: 'more', image: 'more:1' },
      ]),
    )
    const { body } = await apply('m2', sidecar([{ name: 'log', image: 'log:1' }]))
    const names = listAt(body, 'spec', 'template', 'spec', 'containers').map(each => textAt(each, 'name'))
    expect(names).toEqual(['web', 'log'])
  })

  test('meets an updater as a manager with its version', async () => {
    await api.call('POST', '/apis/apps/v1/namespaces/default/deployments?fieldManager=kubectl-create', {
      body: web(),
    })
    const { body } = await apply('m2', { ...identity, spec: { replicas: 5 } })
    expect(body.message).toBe(
      'Apply failed with 1 conflict: conflict with "kubectl-create" using apps/v1: .spec.replicas',
    )
  })

  test('loses a field to an updater without being asked', async () => {
    await apply('m1', web())
    await api.call('PATCH', `${path}?fieldManager=editor`, {
      body: { spec: { replicas: 9 } },
      type: patchTypes.merge,
    })
    const { body } = await apply('m1', web())
    expect(body.message).toContain('conflict with "editor" using apps/v1: .spec.replicas')
  })

  test('does not own the status, which has a manager of its own', async () => {
    await apply('m1', { ...web(), status: { replicas: 2 } })
    const answer = await api.call('PATCH', `${path}/status?fieldManager=controller`, {
      body: { ...identity, status: { replicas: 2 } },
      type: patchTypes.apply,
    })
    expect(answer.status).toBe(200)
    // Managers are listed by the second in which they wrote.
    const managers = listAt(answer.body, 'metadata', 'managedFields')
    expect(
      managers.toSorted((a, b) => textAt(a, 'manager').localeCompare(textAt(b, 'manager'))),
    ).toMatchObject([
      { manager: 'controller', subresource: 'status', fieldsV1: { 'f:status': { 'f:replicas': {} } } },
      { manager: 'm1' },
    ])
  })

  test('needs a field manager', async () => {
    const { status, body } = await api.call('PATCH', path, { body: web(), type: patchTypes.apply })
    expect(status).toBe(422)
    expect(body.message).toContain('fieldManager: Required value: is required for apply patch')
  })
})
