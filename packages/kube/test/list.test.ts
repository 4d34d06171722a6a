import { coreKinds, startApiServer } from '@meridian/lab-kube-api'
import {
  createAuthority,
  issueClientCertificate,
  issueServerCertificate,
} from '@meridian/lab-kube-api/certificates'
import { expect, onTestFinished, test } from 'vitest'
import { buildKubeconfig, connectKube } from '../src/index.ts'

const type = { apiVersion: 'v1', kind: 'ConfigMap' }
const labels = { app: 'many' }
const makeMap = (name: string) => ({ ...type, metadata: { name, namespace: 'default', labels } })

/** The API of a cluster; `meet` is told of each list that was answered. */
async function startCluster(meet: (count: number) => void = () => {}) {
  const authority = await createAuthority('kubernetes-ca')
  const own = await issueServerCertificate(authority, ['127.0.0.1'])
  const client = await issueClientCertificate(authority, { user: 'admin', groups: ['system:masters'] })
  let lists = 0
  const { store, port, close } = await startApiServer({
    world: {
      requests: {
        record: ({ operation }) => {
          if (operation.startsWith('list')) meet(++lists)
        },
      },
    },
    name: 'usa',
    kinds: coreKinds,
    tls: { key: own.key, cert: own.certificate },
    clientAuthority: authority.certificate,
    userAgentService: 'kubernetes',
    version: 'v1.35.7',
  })
  onTestFinished(close)
  const server = `https://127.0.0.1:${port}`
  const parts = {
    context: 'usa',
    server,
    ca: authority.certificate,
    cert: client.certificate,
    key: client.key,
  }
  const { signal } = new AbortController()
  const kube = connectKube(buildKubeconfig(parts), {
    context: 'usa',
    userAgent: 'meridian-test/1',
    signal,
    env: {},
  })
  return { kube, store }
}

test('what is on several pages is listed, also where those to come are forgotten meanwhile', async () => {
  const { kube, store } = await startCluster(count => {
    if (count !== 1) return
    store.create('ConfigMap', makeMap('late'))
    store.history.compact(0)
  })
  for (let at = 0; at < 501; at += 1) store.create('ConfigMap', makeMap(`a${at}`))

  expect(await kube.list(type, { labels })).toHaveLength(502)
})

test('who owns what is left out of a list where it is asked to be', async () => {
  const { kube } = await startCluster()
  await kube.apply(makeMap('a'))
  const hasOwners = async (options: object) => {
    const listed = await kube.list(type, { labels, ...options })
    return listed.map(({ metadata }) => 'managedFields' in metadata)
  }
  expect(await hasOwners({})).toEqual([true])
  expect(await hasOwners({ without: 'managedFields' })).toEqual([false])
})
