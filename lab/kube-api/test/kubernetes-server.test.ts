import { CoreV1Api, KubeConfig } from '@kubernetes/client-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type KubernetesServer, startKubernetes } from '../server.ts'
import { caller } from './test-server.ts'

let server: KubernetesServer
beforeAll(async () => {
  server = await startKubernetes()
})
afterAll(() => server.close())

function clientOf(kubeconfig: string): CoreV1Api {
  const config = new KubeConfig()
  config.loadFromString(kubeconfig)
  return config.makeApiClient(CoreV1Api)
}

const secretsOf = (kubeconfig: string) => clientOf(kubeconfig).listNamespacedSecret({ namespace: 'default' })

test('its kubeconfig lets an administrator do everything', async () => {
  const { items } = await secretsOf(server.kubeconfig)
  expect(items).toEqual([])
})

test('a user may do nothing, and what the groups that he is in may do', async () => {
  await expect(secretsOf(await server.kubeconfigFor('jane'))).rejects.toMatchObject({ code: 403 })
  expect(server.requests().at(-1)).toEqual({ operation: 'list secrets', status: 403 })
  expect(await secretsOf(await server.kubeconfigFor('jane', ['system:masters']))).toMatchObject({ items: [] })
})

test('a token stands for its user, and an unknown one for nobody', async () => {
  server.addToken('a-token', 'robot', ['system:masters'])
  const ask = (token: string) =>
    caller({
      port: Number(new URL(server.url).port),
      authority: server.ca,
      admin: { certificate: '', key: '' },
    })('GET', '/api/v1/namespaces/default/secrets', {
      as: 'nobody',
      headers: { authorization: `Bearer ${token}` },
    })
  expect((await ask('a-token')).status).toBe(200)
  expect((await ask('another')).status).toBe(401)
})

test('a planned failure strikes the request that it is meant for, and is told', async () => {
  const fault = server.fail({ failure: 'throttle', operation: 'list secrets' })
  await expect(secretsOf(server.kubeconfig)).rejects.toMatchObject({ code: 429 })
  const told = { operation: 'list secrets', status: 429, failure: 'throttle' }
  expect([fault.struck(), server.requests().at(-1)]).toEqual([1, told])
})
