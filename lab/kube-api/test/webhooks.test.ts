import { once } from 'node:events'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type Fields, fieldsAt, listAt } from '@meridian/lab-world/json'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createAuthority, issueServerCertificate, type KeyPair } from '../certificates.ts'
import { patchTypes, startTestServer, type TestServer } from './test-server.ts'

type Review = { uid: string; operation: string; object: Fields | null; oldObject: Fields | null }
type Answer = (review: Review, path: string) => Fields

const host = 'checks.tools.svc'
const maps = '/api/v1/namespaces/default/configmaps'
const configurations = '/apis/admissionregistration.k8s.io/v1'
const allow: Answer = () => ({ allowed: true })

let authority: KeyPair
let hook: Server
let port: number | undefined
let lab: TestServer
let answer: Answer = allow
const seen: { path: string; review: Review }[] = []

beforeAll(async () => {
  authority = await createAuthority('webhooks')
  const { certificate, key } = await issueServerCertificate(authority, [host])
  hook = createServer({ cert: certificate, key }, async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const { request: review } = JSON.parse(text)
    const [path = ''] = (request.url ?? '').split('?')
    seen.push({ path, review })
    response.end(JSON.stringify({ response: { uid: review.uid, ...answer(review, path) } }))
  })
  hook.listen(0, '127.0.0.1')
  await once(hook, 'listening')
  port = (hook.address() as AddressInfo).port
  lab = await startTestServer({ webhooks: (name, at) => (name === host && at === 443 ? port : undefined) })
  await register('Mutating', 'mutate')
  await register('Validating', 'validate')
})
afterAll(async () => {
  hook.close()
  await lab.server.close()
})
beforeEach(() => {
  answer = allow
  seen.length = 0
})

function register(phase: 'Mutating' | 'Validating', path: string) {
  const kind = `${phase}WebhookConfiguration`
  const service = { name: 'checks', namespace: 'tools', path: `/${path}` }
  const caBundle = Buffer.from(authority.certificate).toString('base64')
  const rule = {
    operations: ['*'],
    apiGroups: [''],
    apiVersions: ['v1'],
    resources: ['configmaps'],
    scope: '*',
  }
  const webhook = {
    name: `${path}.example.com`,
    rules: [rule],
    clientConfig: { service, caBundle },
    objectSelector: { matchExpressions: [{ key: 'unchecked', operator: 'DoesNotExist' }] },
    sideEffects: 'None',
    failurePolicy: 'Fail',
    admissionReviewVersions: ['v1'],
  }
  const body = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name: path },
    webhooks: [webhook],
  }
  return lab.call('POST', `${configurations}/${kind.toLowerCase()}s`, { body })
}

const map = (name: string, data: object = {}, labels: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, labels },
  data,
})
/** Adds a field to the data of whatever the mutating webhook is asked about. */
const addField: Answer = (_, path) => {
  const patch = [{ op: 'add', path: '/data/added', value: 'by the webhook' }]
  const encoded = Buffer.from(JSON.stringify(patch)).toString('base64')
  return { allowed: true, ...(path === '/mutate' && { patch: encoded, patchType: 'JSONPatch' }) }
}
const dataOf = (body: Fields) => fieldsAt(body, 'data')

describe('a registered webhook', () => {
  test('changes what is created, and who only validates sees the change', async () => {
    answer = addField
    const made = await lab.call('POST', maps, { body: map('made', { own: 'v' }) })
    expect([made.status, dataOf(made.body)]).toEqual([201, { own: 'v', added: 'by the webhook' }])
    expect(seen.map(({ path, review }) => [path, review.operation, dataOf(review.object ?? {})])).toEqual([
      ['/mutate', 'CREATE', { own: 'v' }],
      ['/validate', 'CREATE', { own: 'v', added: 'by the webhook' }],
    ])
  })

  test('changes what is applied without owning it or anybody else, so that the next apply changes nothing', async () => {
    answer = addField
    const apply = () =>
      lab.call('PATCH', `${maps}/applied?fieldManager=me`, {
        body: map('applied', { own: 'v' }),
        type: patchTypes.apply,
      })
    const first = await apply()
    const second = await apply()
    expect(dataOf(first.body)).toEqual({ own: 'v', added: 'by the webhook' })
    expect(fieldsAt(second.body, 'metadata').resourceVersion).toBe(
      fieldsAt(first.body, 'metadata').resourceVersion,
    )
    const owned = JSON.stringify(listAt(first.body, 'metadata', 'managedFields'))
    expect([owned.includes('f:own'), owned.includes('f:added')]).toEqual([true, false])
    expect(seen.map(({ review }) => review.operation)).toEqual(['CREATE', 'CREATE', 'UPDATE', 'UPDATE'])
  })

  test('refuses in its own words, with its own code, and nothing is written', async () => {
    answer = () => ({ allowed: false, status: { code: 403, reason: 'Forbidden', message: 'not here' } })
    const refused = await lab.call('POST', maps, { body: map('refused') })
    expect([refused.status, refused.body.message]).toEqual([
      403,
      'admission webhook "mutate.example.com" denied the request: not here',
    ])
    expect((await lab.call('GET', `${maps}/refused`)).status).toBe(404)
  })

  test('is asked about a deletion, with what is to be deleted', async () => {
    await lab.call('POST', maps, { body: map('kept') })
    answer = ({ operation }) => ({ allowed: operation !== 'DELETE' })
    const refused = await lab.call('DELETE', `${maps}/kept`)
    expect([refused.status, refused.body.message]).toEqual([
      400,
      'admission webhook "validate.example.com" denied the request without explanation',
    ])
    const last = seen.at(-1)?.review
    expect([last?.object, fieldsAt(last?.oldObject, 'metadata').name]).toEqual([null, 'kept'])
  })

  test('is told of a dry run, and that something has changed meanwhile is no matter for a patch', async () => {
    await lab.call('POST', maps, { body: map('busy', { own: 'v' }) })
    let count = 0
    answer = ({ operation }) => {
      if (operation === 'UPDATE' && count++ === 0)
        lab.server.store.modify('ConfigMap', 'default', 'busy', draft => {
          draft.data = { ...(draft.data as object), other: 'w' }
        })
      return { allowed: true }
    }
    const path = `${maps}/busy?dryRun=All`
    const patched = await lab.call('PATCH', path, { body: { data: { own: 'x' } }, type: patchTypes.merge })
    expect([patched.status, dataOf(patched.body)]).toEqual([200, { own: 'x', other: 'w' }])
    expect(
      seen.every(({ review }) => (review as Fields).dryRun === true || review.operation === 'CREATE'),
    ).toBe(true)
    expect(lab.server.store.get('ConfigMap', 'default', 'busy')?.data).toEqual({ own: 'v', other: 'w' })
  })

  test('is not asked where its selector does not fit, nor about other kinds', async () => {
    await lab.call('POST', maps, { body: map('skipped', {}, { unchecked: 'yes' }) })
    await lab.call('POST', '/api/v1/namespaces/default/secrets', {
      body: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'skipped' } },
    })
    expect(seen).toEqual([])
  })

  test('that nobody answers for lets nothing pass', async () => {
    const found = port
    port = undefined
    const refused = await lab.call('POST', maps, { body: map('late') })
    port = found
    const cause =
      'failed to call webhook: Post "https://checks.tools.svc/mutate?timeout=10s": dial tcp: lookup checks.tools.svc: no such host'
    expect([refused.status, refused.body.message]).toEqual([
      500,
      `Internal error occurred: failed calling webhook "mutate.example.com": ${cause}`,
    ])
  })
})
