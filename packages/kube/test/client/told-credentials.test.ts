import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import {
  createAuthority,
  issueClientCertificate,
  issueServerCertificate,
} from '@meridian/lab-kube-api/certificates'
import { afterEach, describe, expect, test } from 'vitest'
import { buildKubeconfig, connectKube } from '../../src/index.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

async function issueKeys() {
  const authority = await createAuthority('kubernetes-ca')
  return { authority, own: await issueServerCertificate(authority, ['127.0.0.1']) }
}

describe('a user whose credentials a command tells', () => {
  type Told = { token?: string; clientCertificateData?: string; clientKeyData?: string }

  /** A server that notes who comes by which connection, and a kubeconfig whose command tells what `tell` was given last. */
  async function startTold() {
    const keys = await issueKeys()
    const seen: string[] = []
    const connections: unknown[] = []
    const options = { key: keys.own.key, cert: keys.own.certificate, ca: keys.authority.certificate }
    const server = createServer(
      { ...options, requestCert: true, rejectUnauthorized: false },
      (request, response) => {
        const { CN = '' } = (request.socket as TLSSocket).getPeerCertificate().subject ?? {}
        seen.push([CN, request.headers.authorization].filter(Boolean).join(' '))
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
      },
    )
    server.on('secureConnection', socket => void connections.push(socket))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const directory = await mkdtemp(join(tmpdir(), 'meridian-test-'))
    open.push(
      () => server.closeAllConnections(),
      () => server.close(),
      () => rm(directory, { recursive: true }),
    )
    const file = join(directory, 'credential')
    const apiVersion = 'client.authentication.k8s.io/v1'
    const tell = (status: Told) =>
      // It is to be asked for at each request.
      writeFile(
        file,
        JSON.stringify({
          ...{ apiVersion, kind: 'ExecCredential' },
          status: { ...status, expirationTimestamp: '2020-01-01T00:00:00Z' },
        }),
      )
    const given = buildKubeconfig({
      context: 'usa',
      server: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
      ca: keys.authority.certificate,
    })
    const exec = { apiVersion, command: 'cat', args: [file], interactiveMode: 'Never' }
    const config = { ...given, users: [{ name: given.users[0]?.name ?? '', user: { exec } }] }
    const { signal } = new AbortController()
    const kube = connectKube(config, { context: 'usa', userAgent: 'meridian-test/1', signal, env: {} })
    return { kube, tell, seen, keys, connections }
  }

  test('keeps its connection while they stay, and is known by a token that is another', async () => {
    const { kube, tell, seen, connections } = await startTold()
    for (const token of ['first', 'second']) {
      await tell({ token })
      await kube.request('GET', '/version')
    }
    expect(seen).toEqual(['Bearer first', 'Bearer second'])
    expect(connections).toHaveLength(1)
  })

  test('is known by a certificate that is another', async () => {
    const { kube, tell, seen, keys } = await startTold()
    for (const user of ['first', 'second']) {
      const { certificate, key } = await issueClientCertificate(keys.authority, { user })
      await tell({ clientCertificateData: certificate, clientKeyData: key })
      await kube.request('GET', '/version')
    }
    expect(seen).toEqual(['first', 'second'])
  })
})
