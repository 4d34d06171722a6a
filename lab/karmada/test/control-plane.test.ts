import { type Client, eventually, type Member, startMember } from '@meridian/lab-clusters/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { installKarmada, startFederationWorld } from '../testing/federation.ts'

const testWorld = startFederationWorld()
const clusters = '/apis/cluster.karmada.io/v1alpha1/clusters'
const system = 'karmada-system'
let usa: Member
let fed: Client

beforeAll(async () => {
  usa = await startMember(testWorld, 'usa')
  fed = await installKarmada(testWorld, usa)
})

afterAll(() => testWorld.close())

describe('a field that Karmada does not declare', () => {
  const policies = '/apis/policy.karmada.io/v1alpha1/namespaces/default/propagationpolicies'
  const policy = (name: string) => ({
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'PropagationPolicy',
    metadata: { name },
    spec: {
      resourceSelectors: [{ apiVersion: 'v1', kind: 'ConfigMap', name, nmae: 'typo' }],
      placement: { clusterAffinity: { clusterNames: ['usa'] }, clusterAfinity: {} },
    },
  })

  test('is refused by an apply', async () => {
    const refused = await fed(
      'PATCH',
      `${policies}/odd?fieldManager=m`,
      policy('odd'),
      'application/apply-patch+yaml',
    )
    expect(refused.status).toBe(500)
    expect(refused.body.message).toBe(
      'failed to create typed patch object (/odd; policy.karmada.io/v1alpha1, Kind=PropagationPolicy): errors:\n  .spec.placement.clusterAfinity: field not declared in schema\n  .spec.resourceSelectors[0].nmae: field not declared in schema',
    )
  })

  test('is refused by a strict write, and dropped by any other', async () => {
    const refused = await fed('POST', `${policies}?fieldValidation=Strict`, policy('odd'))
    expect(refused).toMatchObject({ status: 400, body: { reason: 'BadRequest' } })
    expect(refused.body.message).toContain(
      'strict decoding error: unknown field "spec.placement.clusterAfinity", unknown field "spec.resourceSelectors[0].nmae"',
    )
    const created = await fed('POST', policies, policy('odd'))
    expect(created.body.spec).toMatchObject({ placement: { clusterAffinity: { clusterNames: ['usa'] } } })
    expect(JSON.stringify(created.body.spec)).not.toMatch(/nmae|clusterAfinity/)
  })
})

test('Clusters are unavailable until their API is registered', async () => {
  const registration = '/apis/apiregistration.k8s.io/v1/apiservices/v1alpha1.cluster.karmada.io'
  expect((await fed('GET', clusters)).status).toBe(200)
  const { body } = await fed('GET', registration)
  expect(body.status).toMatchObject({ conditions: [{ type: 'Available', status: 'True' }] })
  await fed('DELETE', registration)
  const refused = await fed('GET', clusters)
  expect(refused).toMatchObject({ status: 503, body: { reason: 'ServiceUnavailable' } })
  const { metadata, spec } = body
  await fed('POST', '/apis/apiregistration.k8s.io/v1/apiservices', {
    metadata: { name: metadata.name },
    spec,
  })
  expect((await fed('GET', clusters)).status).toBe(200)
})

test('a Cluster that Karmada would not accept is refused with all that is wrong', async () => {
  const answer = await fed('POST', clusters, {
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name: 'x'.repeat(49) },
    spec: { apiEndpoint: 'https://u:p@example.com' },
  })
  expect(answer.status).toBe(422)
  expect(answer.body.message).toContain('must be no more than 48 characters')
  expect(answer.body.message).toContain('spec.syncMode: Required value')
  expect(answer.body.message).toContain('user information is not permitted')
})

test('kubectl get clusters shows the columns that people know', async () => {
  await fed('POST', clusters, {
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name: 'shown' },
    spec: { syncMode: 'Push', region: 'us-east-1' },
  })
  const { body } = await fed('GET', clusters, undefined, 'application/json;as=Table;v=v1;g=meta.k8s.io')
  const definitions = body.columnDefinitions as { name: string; priority: number }[]
  const names = (priority: number) =>
    definitions.filter(each => each.priority === priority).map(each => each.name)
  expect(names(0)).toEqual(['Name', 'Version', 'Mode', 'Ready', 'Age'])
  expect(names(1)).toEqual(['Zones', 'Region', 'Provider', 'API-Endpoint', 'Proxy-URL'])
  await fed('DELETE', `${clusters}/shown`)
})

test('without its scheduler nothing is scheduled', async () => {
  const scheduler = `/apis/apps/v1/namespaces/${system}/deployments/karmada-scheduler`
  const { body } = await usa.admin('GET', scheduler)
  await usa.admin('DELETE', scheduler)
  await eventually(async () => (await podsOf('karmada-scheduler')) === 0 || undefined)
  await fed('POST', '/apis/policy.karmada.io/v1alpha1/namespaces/default/propagationpolicies', {
    metadata: { name: 'idle' },
    spec: { resourceSelectors: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'idle' }] },
  })
  await fed('POST', '/api/v1/namespaces/default/configmaps', { metadata: { name: 'idle' } })
  const path = '/apis/work.karmada.io/v1alpha2/namespaces/default/resourcebindings/idle-configmap'
  const binding = await eventually(async () => {
    const answer = await fed('GET', path)
    return answer.status === 200 ? answer.body : undefined
  })
  expect(binding.status).not.toMatchObject({ schedulerObservedGeneration: 1 })
  const { metadata, spec } = body
  const again = { metadata: { name: metadata.name, labels: metadata.labels }, spec }
  await usa.admin('POST', `/apis/apps/v1/namespaces/${system}/deployments`, again)
  const scheduled = await eventually(async () => {
    const answer = await fed('GET', path)
    const { conditions = [] } = (answer.body.status ?? {}) as { conditions?: unknown[] }
    return conditions.length > 0 ? conditions : undefined
  })
  expect(scheduled).toMatchObject([{ type: 'Scheduled', status: 'False', reason: 'NoClusterFit' }])
})

test('the federation goes with its Deployments, and a new one starts empty', async () => {
  await fed('POST', '/api/v1/namespaces', { metadata: { name: 'remembered' } })
  const [federation] = testWorld.host.federations()
  expect(federation?.store.get('Namespace', undefined, 'remembered')).toBeDefined()
  const selector = '?labelSelector=karmada.io/bootstrapping'
  for (const kind of ['deployments', 'statefulsets']) {
    await usa.admin('DELETE', `/apis/apps/v1/namespaces/${system}/${kind}${selector}`)
  }
  for (const kind of ['services', 'secrets']) await removeAll(kind)
  await eventually(() => (testWorld.host.federations().length === 0 ? true : undefined))
  expect(testWorld.host.federations()).toEqual([])
  await eventually(() => (elbs() === 0 ? true : undefined))
  await usa.admin('DELETE', `/api/v1/namespaces/${system}`)
  await eventually(async () =>
    (await usa.admin('GET', `/api/v1/namespaces/${system}`)).status === 404 ? true : undefined,
  )

  const next = await installKarmada(testWorld, usa)
  expect((await next('GET', '/api/v1/namespaces/remembered')).status).toBe(404)
})

async function removeAll(plural: string): Promise<void> {
  const { body } = await usa.admin(
    'GET',
    `/api/v1/namespaces/${system}/${plural}?labelSelector=karmada.io/bootstrapping`,
  )
  for (const { metadata } of body.items ?? []) {
    await usa.admin('DELETE', `/api/v1/namespaces/${system}/${plural}/${metadata.name}`)
  }
}

async function podsOf(app: string): Promise<number> {
  const { body } = await usa.admin('GET', `/api/v1/namespaces/${system}/pods?labelSelector=app=${app}`)
  return body.items?.length ?? 0
}

function elbs(): number {
  return testWorld.world.inventory.list({ type: 'load-balancer' }).length
}
