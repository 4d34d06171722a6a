import type { Fields } from '@meridian/lab-world/json'
import { importServer, isInstalled } from '@meridian/lab-world/testing'
import { afterAll, beforeAll, describe } from 'vitest'
import { parse } from 'yaml'
import { shipDefinition, shipsPath } from './contract-ships.ts'
import { missingPrograms, startGenuineServer } from './genuine-server.ts'
import { type Answer, type Caller, caller, patchTypes } from './test-server.ts'

export { shipsPath }

type Server = { call: Caller; close(): Promise<void> }
type Ship = { apiVersion: string; kind: string; metadata: { name: string }; spec: Fields }
export type Ships = {
  call: Caller
  merge(path: string, body: unknown): Promise<Answer>
  apply(manager: string, object: Ship, query?: string): Promise<Answer>
}

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const startTime = 90_000

async function startSimulator(): Promise<Server> {
  const { startKubernetes } = await importServer('@meridian/kubernetes-server', () => import('../server.ts'))
  const { url, ca: authority, kubeconfig, close } = await startKubernetes()
  const { user } = parse(kubeconfig).users[0]
  const decode = (text: string) => Buffer.from(text, 'base64').toString()
  const admin = {
    certificate: decode(user['client-certificate-data']),
    key: decode(user['client-key-data']),
  }
  return { call: caller({ port: Number(new URL(url).port), authority, admin }), close }
}

export function ship(name: string, spec: Fields = { size: 3 }): Ship {
  return { apiVersion: 'contract.example.com/v1', kind: 'Ship', metadata: { name }, spec }
}

/**
 * The same tests for the simulator, or its package, and, where its programs are on PATH, for Kubernetes' own API server.
 */
export function describeContract(title: string, tests: (ships: Ships) => void): void {
  const simulator = isInstalled ? 'the package' : 'the simulator'
  describeServer(`${title} of ${simulator}`, startSimulator, tests)
  if (isInstalled) return
  const missing = missingPrograms.join(', ')
  const genuine = `${title} of a genuine API server`
  if (missing)
    describe.skip(`${genuine} (skipped: ${missing} not found)`, () => tests(shipsOf(() => undefined)))
  else describeServer(genuine, startGenuineServer, tests)
}

function describeServer(title: string, start: () => Promise<Server>, tests: (ships: Ships) => void): void {
  describe(title, () => {
    let server: Server | undefined
    beforeAll(async () => {
      server = await start()
      await server.call('POST', definitions, { body: shipDefinition })
      while ((await server.call('GET', shipsPath)).status !== 200) {
        await new Promise(resolve => setTimeout(resolve, 50))
      }
    }, startTime)
    afterAll(() => server?.close())
    tests(shipsOf(() => server))
  })
}

function shipsOf(server: () => Server | undefined): Ships {
  const call: Caller = (method, path, options) => {
    const started = server()
    if (!started) throw new Error('the API server has not been started')
    return started.call(method, path, options)
  }
  return {
    call,
    merge: (path, body) => call('PATCH', path, { body, type: patchTypes.merge }),
    apply: (manager, body, query = '') =>
      call('PATCH', `${shipsPath}/${body.metadata.name}?fieldManager=${manager}${query}`, {
        body,
        type: patchTypes.apply,
      }),
  }
}
