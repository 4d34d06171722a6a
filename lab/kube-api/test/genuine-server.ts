import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createAuthority, issueClientCertificate, issueServerCertificate } from '../certificates.ts'
import { type Caller, caller } from './test-server.ts'

const programs = ['etcd', 'kube-apiserver']

function isInstalled(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some(directory => existsSync(join(directory, program)))
}

/** The programs of a genuine Kubernetes API server that are not on PATH. */
export const missingPrograms = programs.filter(program => !isInstalled(program))

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo
  listener.close()
  return port
}

/** Starts etcd and Kubernetes' own API server, on loopback. */
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
    'accounts.key': accountKey(),
  }
  for (const [name, text] of Object.entries(files))
    await writeFile(join(directory, name), text, { mode: 0o600 })
  const etcd = spawn('etcd', etcdArguments(directory, client, peer), { stdio: 'ignore' })
  const apiServer = spawn('kube-apiserver', serverArguments(directory, client, port), { stdio: 'ignore' })
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

/** The key that a server signs tokens of ServiceAccounts with: PEM. */
function accountKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

function serverArguments(directory: string, etcd: number, port: number): string[] {
  const file = (name: string) => join(directory, name)
  return [
    `--etcd-servers=http://127.0.0.1:${etcd}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--tls-cert-file=${file('server.crt')}`,
    `--tls-private-key-file=${file('server.key')}`,
    `--client-ca-file=${file('ca.crt')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-signing-key-file=${file('accounts.key')}`,
    `--service-account-key-file=${file('accounts.key')}`,
    // As kops has it, and the simulator.
    '--service-cluster-ip-range=100.64.0.0/13',
    '--authorization-mode=RBAC',
    '--allow-privileged',
    '--endpoint-reconciler-type=none',
    // Nobody makes the ServiceAccounts that pods run as.
    '--disable-admission-plugins=ServiceAccount',
  ]
}

async function untilReady(call: Caller): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const ready = await call('GET', '/readyz').catch(() => undefined)
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
