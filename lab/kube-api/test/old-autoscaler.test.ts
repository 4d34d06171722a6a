import { listAt, textAt, valueAt } from '@meridian/lab-world/json'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from './test-server.ts'

let api: TestServer
beforeAll(async () => {
  api = await startTestServer()
})
afterAll(() => api.server.close())

const old = '/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers'
const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }
const spec = { scaleTargetRef, minReplicas: 2, maxReplicas: 5, targetCPUUtilizationPercentage: 80 }
const web = { apiVersion: 'autoscaling/v1', kind: 'HorizontalPodAutoscaler', metadata: { name: 'web' }, spec }

test('an autoscaler of the first version is kept in the second, and read in both', async () => {
  const made = await api.call('POST', old, { body: web })
  expect(made).toMatchObject({ status: 201, body: { apiVersion: 'autoscaling/v1', spec } })
  const { body } = await api.call('GET', `${old.replace('v1', 'v2')}/web`)
  expect(valueAt(body, 'spec', 'metrics')).toEqual([
    { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
  ])
  expect((await api.call('GET', `${old}/web`)).body).toMatchObject({ apiVersion: 'autoscaling/v1', spec })
  const list = (await api.call('GET', old)).body
  expect(list).toMatchObject({ apiVersion: 'autoscaling/v1', items: [{ metadata: { name: 'web' }, spec }] })
})

test('one of another version, or one that is changed, is refused', async () => {
  const other = await api.call('POST', old, { body: { ...web, apiVersion: 'autoscaling/v9' } })
  expect(other.status).toBe(400)
  expect((await api.call('PUT', `${old}/web`, { body: web })).status).toBe(405)
})

test('discovery prefers the second version', async () => {
  const { body } = await api.call('GET', '/apis/autoscaling')
  expect(valueAt(body, 'preferredVersion', 'version')).toBe('v2')
  expect(listAt(body, 'versions').map(each => textAt(each, 'version'))).toEqual(['v2', 'v1'])
})
