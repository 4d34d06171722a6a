import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cluster } from '@meridian/lab-clusters'
import { type InstalledKarmada, installKarmada, writeWebhookCertificate } from '../install-karmada.ts'
import type { Universe } from '../universe.ts'

/** The folder with Karmada's own `karmada-controller-manager`, `karmada-scheduler` and `karmada-webhook`. */
export const karmadaPrograms = process.env.MERIDIAN_KARMADA_BIN

/** What the name of a test ends with where it has to be skipped. */
export const withoutPrograms = karmadaPrograms ? '' : ' (skipped: MERIDIAN_KARMADA_BIN not set)'

/** Karmada's own patience, made as short as a test may wait, and no limit to what it may ask of the API servers. */
const quick = [
  '--cluster-status-update-frequency=1s',
  '--cluster-success-threshold=1s',
  '--cluster-failure-threshold=2s',
  '--cluster-monitor-period=1s',
  '--kube-api-qps=1000',
  '--kube-api-burst=1000',
  '--cluster-api-qps=1000',
  '--cluster-api-burst=1000',
]
const quiet = ['--metrics-bind-address=0', '--health-probe-bind-address=0']

export type KarmadaItself = InstalledKarmada & { stop(): Promise<void> }

/**
 * Installs a bare control plane on a cluster and runs Karmada's own programs beside it, until they are stopped. Their
 * logs stay in a folder, whose name is printed.
 */
export async function startKarmadaItself(
  universe: Universe,
  host: Cluster,
  programs: string,
): Promise<KarmadaItself> {
  const webhookPort = await freePort()
  const installed = await installKarmada(universe, host, webhookPort)
  const certificates = await writeWebhookCertificate(host, universe.directory)
  const kubeconfig = join(universe.directory, 'karmada.kubeconfig')
  await writeFile(kubeconfig, await universe.kubeconfig(), { mode: 0o600 })
  const logs = await mkdtemp(join(tmpdir(), 'meridian-karmada-'))
  console.log(`logs of Karmada's own programs: ${logs}`)
  let isOver = false
  const run = (name: string, flags: readonly string[]) => {
    const env = { HOME: logs, HTTPS_PROXY: universe.url, PATH: '' }
    const args = [`--kubeconfig=${kubeconfig}`, ...quiet, ...flags]
    const child = spawn(join(programs, name), args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    const log = createWriteStream(join(logs, `${name}.log`))
    child.stdout.pipe(log)
    child.stderr.pipe(log)
    child.once('exit', code => void (isOver || console.error(`${name} has ended with ${code}, see ${logs}`)))
    return child
  }
  const children = [
    run('karmada-webhook', [
      '--bind-address=127.0.0.1',
      `--secure-port=${webhookPort}`,
      `--cert-dir=${certificates}`,
    ]),
    run('karmada-scheduler', [
      '--leader-elect=false',
      ...quick.filter(flag => flag.startsWith('--kube-api')),
    ]),
    run('karmada-controller-manager', ['--leader-elect=false', ...quick]),
  ]
  return {
    ...installed,
    async stop() {
      isOver = true
      await Promise.all(children.map(end))
    },
  }
}

function end(child: ChildProcess): Promise<void> {
  return new Promise(resolve => {
    if (child.exitCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}
