import { listAt, textAt, valueAt } from '@meridian/lab-world/json'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { issueClientCertificate, type KeyPair } from '../certificates.ts'
import { startTestServer, type TestServer } from './test-server.ts'

let api: TestServer
let ann: KeyPair

const group = 'rbac.authorization.k8s.io'
const reviews = '/apis/authorization.k8s.io/v1'
const listPods = { verb: 'list', resource: 'pods', namespace: 'default' }

beforeAll(async () => {
  api = await startTestServer()
  ann = await issueClientCertificate(api.authority, { user: 'ann' })
  const { store } = api.server
  const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }]
  const roleRef = { apiGroup: group, kind: 'Role', name: 'reader' }
  store.create('Role', { apiVersion: `${group}/v1`, kind: 'Role', metadata: { name: 'reader' }, rules })
  store.create('RoleBinding', {
    ...{ apiVersion: `${group}/v1`, kind: 'RoleBinding', metadata: { name: 'reader' }, roleRef },
    subjects: [{ kind: 'User', name: 'ann' }],
  })
})
afterAll(() => api.server.close())

const allowed = (body: unknown) => valueAt(body, 'status', 'allowed')

describe('about oneself', () => {
  test('everybody may ask whether something is allowed', async () => {
    const ask = async (resourceAttributes: object) =>
      allowed(
        (
          await api.call('POST', `${reviews}/selfsubjectaccessreviews`, {
            as: ann,
            body: { spec: { resourceAttributes } },
          })
        ).body,
      )
    expect(await ask(listPods)).toBe(true)
    expect(await ask({ ...listPods, namespace: 'kube-system' })).toBe(false)
    expect(await ask({ ...listPods, verb: 'delete' })).toBe(false)
  })

  test('everybody may ask for all that is allowed in a namespace', async () => {
    const body = { spec: { namespace: 'default' } }
    const answer = await api.call('POST', `${reviews}/selfsubjectrulesreviews`, { as: ann, body })
    expect(answer.status).toBe(201)
    expect(valueAt(answer.body, 'status')).toMatchObject({
      incomplete: false,
      resourceRules: expect.arrayContaining([
        { verbs: ['get', 'list'], apiGroups: [''], resources: ['pods'] },
      ]),
      nonResourceRules: [
        { verbs: ['get'], nonResourceURLs: expect.arrayContaining(['/version', '/openapi/*']) },
      ],
    })
  })

  test('a question without a namespace, or about nothing, is refused', async () => {
    const rules = await api.call('POST', `${reviews}/selfsubjectrulesreviews`, { body: { spec: {} } })
    expect(rules.body).toMatchObject({ code: 400, message: 'no namespace on request' })
    const access = await api.call('POST', `${reviews}/selfsubjectaccessreviews`, { body: { spec: {} } })
    expect(access.body).toMatchObject({
      code: 422,
      message:
        'SelfSubjectAccessReview.authorization.k8s.io "" is invalid: spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified',
    })
  })
})

describe('about others', () => {
  const body = { spec: { user: 'ann', resourceAttributes: listPods } }

  test.each(['subjectaccessreviews', 'namespaces/default/localsubjectaccessreviews'])(
    'an administrator may ask by %s, others may not',
    async path => {
      expect(allowed((await api.call('POST', `${reviews}/${path}`, { body })).body)).toBe(true)
      expect((await api.call('POST', `${reviews}/${path}`, { body, as: ann })).status).toBe(403)
    },
  )
})

test('questions can only be asked, and discovery says so', async () => {
  expect((await api.call('GET', `${reviews}/subjectaccessreviews`)).status).toBe(405)
  const { body } = await api.call('GET', reviews)
  expect(listAt(body, 'resources').map(each => [textAt(each, 'name'), valueAt(each, 'verbs')])).toEqual([
    ['localsubjectaccessreviews', ['create']],
    ['selfsubjectaccessreviews', ['create']],
    ['selfsubjectrulesreviews', ['create']],
    ['subjectaccessreviews', ['create']],
  ])
})

describe('a token of a service account', () => {
  const account = '/api/v1/namespaces/default/serviceaccounts/robot'

  const request = async (spec: object = {}) => {
    const { status, body } = await api.call('POST', `${account}/token`, { body: { spec } })
    return { status, body, token: textAt(body, 'status', 'token') }
  }
  const as = async (token: string) => {
    const headers = { authorization: `Bearer ${token}` }
    return api.call('GET', '/api/v1/nodes', { as: 'nobody', headers })
  }
  const metadata = { name: 'robot' }
  beforeAll(() => {
    api.server.store.create('ServiceAccount', { apiVersion: 'v1', kind: 'ServiceAccount', metadata })
  })

  test('is good for an hour, and stands for the account', async () => {
    const { status, body, token } = await request()
    expect(status).toBe(201)
    expect(body).toMatchObject({
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name: 'robot', namespace: 'default' },
      spec: { audiences: ['https://kubernetes.default.svc'], expirationSeconds: 3600, boundObjectRef: null },
    })
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
    expect(claims).toMatchObject({ sub: 'system:serviceaccount:default:robot' })
    expect((await as(token)).body.message).toContain('User "system:serviceaccount:default:robot" cannot list')
    const review = await api.call('POST', '/apis/authentication.k8s.io/v1/tokenreviews', {
      body: { spec: { token } },
    })
    expect(valueAt(review.body, 'status')).toMatchObject({ authenticated: true })
  })

  test('for another audience is none for the API server', async () => {
    expect((await as((await request({ audiences: ['vault'] })).token)).status).toBe(401)
  })

  test('has a lifetime within bounds', async () => {
    expect((await request({ expirationSeconds: 60 })).body.message).toBe(
      'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes',
    )
  })

  test('ends with the account, even if another of its name follows', async () => {
    const { token } = await request()
    const { store } = api.server
    store.remove('ServiceAccount', 'default', 'robot')
    store.create('ServiceAccount', { apiVersion: 'v1', kind: 'ServiceAccount', metadata })
    expect((await as(token)).status).toBe(401)
  })

  test('needs an account', async () => {
    const answer = await api.call('POST', `${account.replace('robot', 'nobody')}/token`, { body: {} })
    expect(answer.body).toMatchObject({ code: 404, message: 'serviceaccounts "nobody" not found' })
  })
})
