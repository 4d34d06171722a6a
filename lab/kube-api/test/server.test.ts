import { listAt, textAt, valueAt } from '@meridian/lab-world/json'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAuthority, issueClientCertificate } from '../certificates.ts'
import { startTestServer, type TestServer } from './test-server.ts'

let api: TestServer
beforeAll(async () => {
  api = await startTestServer()
})
afterAll(() => api.server.close())

const pods = '/api/v1/namespaces/default/pods'

describe('authentication', () => {
  test('a request without credentials is unauthorized', async () => {
    const answer = await api.call('GET', pods, { as: 'nobody' })
    expect(answer).toMatchObject({ status: 401, body: { kind: 'Status', reason: 'Unauthorized', code: 401 } })
  })

  test('a certificate of another authority is unauthorized', async () => {
    const stranger = await issueClientCertificate(await createAuthority('other'), {
      user: 'eve',
      groups: ['system:masters'],
    })
    expect((await api.call('GET', pods, { as: stranger })).status).toBe(401)
  })

  test('a bearer token stands for its user', async () => {
    api.server.tokens.set('secret-token', { name: 'system:serviceaccount:default:robot', groups: [] })
    const answer = await api.call('GET', pods, {
      as: 'nobody',
      headers: { authorization: 'Bearer secret-token' },
    })
    expect(answer.body.message).toBe(
      'pods is forbidden: User "system:serviceaccount:default:robot" cannot list resource "pods" in API group "" in the namespace "default"',
    )
  })

  test('health and version need no credentials', async () => {
    expect((await api.call('GET', '/readyz', { as: 'nobody' })).text).toBe('ok')
    expect((await api.call('GET', '/version', { as: 'nobody' })).body).toMatchObject({
      gitVersion: 'v1.35.7',
      minor: '35',
    })
  })
})

describe('authorization', () => {
  test('a role binding grants what its role allows, in its namespace only', async () => {
    const user = await issueClientCertificate(api.authority, { user: 'ann' })
    const { store } = api.server
    const rbac = 'rbac.authorization.k8s.io'
    store.create('Role', {
      apiVersion: `${rbac}/v1`,
      kind: 'Role',
      metadata: { name: 'reader', namespace: 'default' },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }],
    })
    store.create('RoleBinding', {
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata: { name: 'reader', namespace: 'default' },
      roleRef: { apiGroup: rbac, kind: 'Role', name: 'reader' },
      subjects: [{ kind: 'User', name: 'ann' }],
    })
    expect((await api.call('GET', pods, { as: user })).status).toBe(200)
    expect((await api.call('GET', '/api/v1/namespaces/kube-system/pods', { as: user })).status).toBe(403)
    expect((await api.call('DELETE', `${pods}/web`, { as: user })).status).toBe(403)
  })

  test('an administrator may act as somebody else', async () => {
    const headers = { 'impersonate-user': 'bob', 'impersonate-group': 'dev' }
    const answer = await api.call('GET', '/api/v1/nodes', { headers })
    expect(answer.body.message).toBe(
      'nodes is forbidden: User "bob" cannot list resource "nodes" in API group "" at the cluster scope',
    )
  })

  test('a review tells a user what it may do', async () => {
    const body = { spec: { resourceAttributes: { verb: 'delete', resource: 'nodes' } } }
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
    expect(valueAt((await api.call('POST', path, { body })).body, 'status', 'allowed')).toBe(true)
    const user = await issueClientCertificate(api.authority, { user: 'carl' })
    expect(valueAt((await api.call('POST', path, { body, as: user })).body, 'status', 'allowed')).toBe(false)
  })
})

describe('discovery', () => {
  test('lists resources with short names, categories and subresources', async () => {
    const { body } = await api.call('GET', '/apis/apps/v1')
    const names = listAt(body, 'resources').map(resource => textAt(resource, 'name'))
    expect(names).toEqual(expect.arrayContaining(['deployments', 'deployments/status', 'deployments/scale']))
    expect(listAt(body, 'resources').find(each => textAt(each, 'name') === 'deployments')).toMatchObject({
      kind: 'Deployment',
      singularName: 'deployment',
      shortNames: ['deploy'],
      categories: ['all'],
      namespaced: true,
    })
  })

  test('comes in one piece for clients that ask for it', async () => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json'
    const { body } = await api.call('GET', '/apis', { headers: { accept } })
    expect(body.kind).toBe('APIGroupDiscoveryList')
    expect(valueAt(body, 'items', 0, 'versions', 0, 'resources', 0)).toHaveProperty('responseKind')
  })

  test('an unknown path is not found', async () => {
    expect((await api.call('GET', '/apis/nothing.example.com/v1/things')).status).toBe(404)
    expect((await api.call('GET', '/nothing')).status).toBe(404)
  })
})

describe('the record of requests', () => {
  test('names the action, the operation and whether it wrote', async () => {
    await api.call('GET', pods, { headers: { 'user-agent': 'meridian-federate/0.1.0' } })
    expect(api.requests.at(-1)).toEqual({
      client: 'federate',
      service: 'kubernetes',
      operation: 'list pods',
      write: false,
      status: 200,
    })
    await api.call('POST', pods, { body: {}, headers: { 'user-agent': 'meridian-federate/0.1.0' } })
    expect(api.requests.at(-1)).toMatchObject({ operation: 'create pods', write: true, status: 422 })
  })
})
