import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectKube, forwardPort, type Kube } from '@meridian/kube'
import { makeBucket, runChild } from '@meridian/lab-tools/testing'
import { labBoundary, startUniverse, type Universe } from '@meridian/lab-universe'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const name = 'usa.k8s.example.com'
const namespace = 'karmada-system'

let lab: Universe
let host: Kube
let kubeconfig: string
const stop = new AbortController()

beforeEach(async () => {
  lab = await startUniverse({ scale: 10_000 })
  kubeconfig = join(lab.directory, 'kubeconfig')
  await makeBucket(lab.url, lab.aws.credentials, 'usa-state')
  const state = '--state=s3://usa-state'
  const made = await run(
    'kops',
    'create',
    'cluster',
    `--name=${name}`,
    '--zones=us-east-1a',
    '--kubernetes-version=1.35.7',
    state,
    `--set=spec.iam.permissionsBoundary=${labBoundary}`,
    '--yes',
  )
  expect(made).toMatchObject({ exitCode: 0 })
  const healthy = await run('kops', 'validate', 'cluster', name, state, '--wait=30m')
  expect(healthy).toMatchObject({ exitCode: 0 })
  host = connectKube(await readFile(kubeconfig, 'utf8'), {
    context: name,
    userAgent: 'lab-test/1',
    signal: stop.signal,
    env: {},
  })
})
afterEach(() => lab.close())

function run(tool: string, ...args: string[]) {
  const file = join(lab.directory, 'bin', tool)
  return runChild(file, args, { ...lab.env, HOME: lab.directory, KUBECONFIG: kubeconfig })
}

const init = (port: number, ...more: string[]) =>
  run(
    'karmadactl',
    'init',
    `--karmada-data=${join(lab.directory, 'karmada')}`,
    `--karmada-pki=${join(lab.directory, 'pki')}`,
    '--karmada-apiserver-advertise-address=127.0.0.1',
    '--etcd-storage-mode=emptyDir',
    `--port=${port}`,
    ...more,
  )

async function forward() {
  const port = 30_000 + (process.pid % 2700)
  return forwardPort(host, {
    namespace,
    labels: { app: 'karmada-apiserver' },
    port: 5443,
    localPort: port,
    signal: stop.signal,
  })
}

describe('karmadactl', () => {
  test('installs a control plane that answers, and takes it down again', async () => {
    const tunnel = await forward()
    const installed = await init(tunnel.localPort)
    tunnel.close()
    expect(installed).toMatchObject({ exitCode: 0 })
    expect(installed.stdout).toContain('Karmada v1.18.2 is installed in namespace karmada-system.')
    const secret = await host.get<{ data: Record<string, string> } & Listed>({
      apiVersion: 'v1',
      kind: 'Secret',
      namespace,
      name: 'karmada-cert',
    })
    expect(Object.keys(secret?.data ?? {})).toEqual(
      expect.arrayContaining([
        'ca.crt',
        'ca.key',
        'karmada.crt',
        'karmada.key',
        'apiserver.crt',
        'front-proxy-ca.crt',
      ]),
    )
    const deployments = await host.list<Listed>({ apiVersion: 'apps/v1', kind: 'Deployment' }, { namespace })
    expect(deployments.map(({ metadata }) => metadata.name).sort()).toEqual([
      'karmada-aggregated-apiserver',
      'karmada-apiserver',
      'karmada-controller-manager',
      'karmada-scheduler',
      'karmada-webhook',
      'kube-controller-manager',
    ])
    expect(lab.clusters.federations()[0]?.store.get('Namespace', undefined, namespace)).toBeDefined()

    const removed = await run('karmadactl', 'deinit', '--force')
    expect(removed.exitCode).toBe(0)
    expect(removed.stdout.endsWith('remove Karmada from Kubernetes successfully.\n')).toBe(true)
    expect(await host.list({ apiVersion: 'apps/v1', kind: 'StatefulSet' }, { namespace })).toEqual([])
    expect(
      await host.get({ apiVersion: 'v1', kind: 'Secret', namespace, name: 'karmada-cert' }),
    ).toBeUndefined()
  })

  test('ends with a fatal log line when the new API cannot be reached from here', async () => {
    const { exitCode, stderr } = await init(31_999)
    expect(exitCode).toBe(1)
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(
      /^F\d{4} .* deploy\.go:\d+\] unable to create namespace karmada-system: .*ECONNREFUSED/,
    )
    expect(
      await host.get({ apiVersion: 'v1', kind: 'Secret', namespace, name: 'karmada-cert' }),
    ).toBeDefined()
    const again = await init(31_999)
    expect(again.stderr).toContain('error: nodePort of karmada apiserver 31999 already exist\n')
  })

  test('refuses what it cannot install, and the removal of what is not there', async () => {
    expect((await init(32_443, '--karmada-apiserver-advertise-address=api.example.com')).stderr).toBe(
      'error: karmada apiserver advertise address is not valid\n',
    )
    expect((await init(32_443, '--crds=https://example.com/crds.tar.gz')).stderr).toContain(
      'error: Get "https://example.com/crds.tar.gz": dial tcp: lookup example.com: no such host\n',
    )
    expect((await init(32_443, '--bogus')).stderr).toMatch(/^error: unknown flag: --bogus\nUsage:\n/)
    expect((await run('karmadactl', 'deinit', '-f')).stderr).toBe(
      'error: namespaces "karmada-system" not found\n',
    )
  })
})

type Listed = { apiVersion: string; kind: string; metadata: { name: string; namespace?: string } }
