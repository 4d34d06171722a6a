import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createAuthority, issueClientCertificate, issueServerCertificate } from '../certificates.ts'
import { type Caller, caller } from './test-server.ts'

const programs = ['etcd', 'apiextensions-apiserver']

function isInstalled(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some(directory => existsSync(join(directory, program)))
}

/** The programs of a genuine Kubernetes API server for custom resources that are not on PATH. */
export const missingPrograms = programs.filter(program => !isInstalled(program))

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo
  listener.close()
  return port
}

/** Starts etcd and Kubernetes' own API server for custom resources, on loopback. */
export async function startGenuineServer(): Promise<{ call: Caller; close(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'apiserver-'))
  const [client, peer, port] = [await freePort(), await freePort(), await freePort()]
  const authority = await createAuthority('kubernetes-ca')
  const server = await issueServerCertificate(authority, ['127.0.0.1', 'localhost'])
  const admin = await issueClientCertificate(authority, { user: 'admin', groups: ['system:masters'] })
  const files = {
    'ca.crt': authority.certificate,
    'server.crt': server.certificate,
    'server.key': server.key,
    'admin.crt': admin.certificate,
    'admin.key': admin.key,
    kubeconfig: kubeconfigOf(directory, port),
  }
  for (const [name, text] of Object.entries(files))
    await writeFile(join(directory, name), text, { mode: 0o600 })
  const etcd = spawn('etcd', etcdArguments(directory, client, peer), { stdio: 'ignore' })
  const apiServer = spawn('apiextensions-apiserver', serverArguments(directory, client, port), {
    stdio: 'ignore',
  })
  const call = caller({ port, authority: authority.certificate, admin })
  async function close(): Promise<void> {
    await Promise.all([stop(apiServer), stop(etcd)])
    await rm(directory, { recursive: true, force: true })
  }
  try {
    await untilReady(call)
  } catch (error) {
    await close()
    throw error
  }
  return { call, close }
}

function etcdArguments(directory: string, client: number, peer: number): string[] {
  const url = (port: number) => `http://127.0.0.1:${port}`
  return [
    `--data-dir=${join(directory, 'etcd')}`,
    `--listen-client-urls=${url(client)}`,
    `--advertise-client-urls=${url(client)}`,
    `--listen-peer-urls=${url(peer)}`,
    `--initial-advertise-peer-urls=${url(peer)}`,
    `--initial-cluster=default=${url(peer)}`,
    '--log-level=error',
  ]
}

// Admission that asks for core kinds is off: this server has none.
const absentAdmission =
  'NamespaceLifecycle,MutatingAdmissionWebhook,ValidatingAdmissionWebhook,ValidatingAdmissionPolicy,MutatingAdmissionPolicy'

function serverArguments(directory: string, etcd: number, port: number): string[] {
  const file = (name: string) => join(directory, name)
  return [
    `--etcd-servers=http://127.0.0.1:${etcd}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--tls-cert-file=${file('server.crt')}`,
    `--tls-private-key-file=${file('server.key')}`,
    `--client-ca-file=${file('ca.crt')}`,
    `--kubeconfig=${file('kubeconfig')}`,
    `--authentication-kubeconfig=${file('kubeconfig')}`,
    `--authorization-kubeconfig=${file('kubeconfig')}`,
    '--authentication-skip-lookup',
    '--authentication-tolerate-lookup-failure',
    `--disable-admission-plugins=${absentAdmission}`,
  ]
}

function kubeconfigOf(directory: string, port: number): string {
  const file = (name: string) => join(directory, name)
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'self',
    clusters: [
      {
        name: 'self',
        cluster: { server: `https://127.0.0.1:${port}`, 'certificate-authority': file('ca.crt') },
      },
    ],
    users: [
      { name: 'self', user: { 'client-certificate': file('admin.crt'), 'client-key': file('admin.key') } },
    ],
    contexts: [{ name: 'self', context: { cluster: 'self', user: 'self' } }],
  })
}

// Without core kinds the whole of /readyz is never ready, custom resources are.
const readiness = '/readyz/poststarthook/crd-informer-synced'

async function untilReady(call: Caller): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const ready = await call('GET', readiness).catch(() => undefined)
    if (ready?.status === 200) return
    await new Promise(resolve => setTimeout(resolve, 200))
  }
  throw new Error('the API server did not become ready within a minute')
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}
