import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { contextNames, parseKubeconfig } from '@meridian/kube'
import { type ActionRequest, type ActionRun, runAction, runPost } from '@meridian/lab-runner'
import {
  clusterInput,
  type LabClusters,
  type Name,
  startClusters,
  writesOf,
} from '@meridian/lab-universe/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const dir = fileURLToPath(new URL('..', import.meta.url))
const entry = process.env.MERIDIAN_TEST_ENTRY

function federate(
  lab: LabClusters,
  names: readonly Name[],
  inputs: Record<string, string> = {},
  more: Partial<ActionRequest> = {},
): Promise<ActionRun> {
  return runAction({
    dir,
    inputs: { clusters: clusterInput(names), domain: lab.universe.domain, ...inputs },
    env: lab.env,
    ...(entry && { entry }),
    ...more,
  })
}

/** A run that does not end by itself is never killed, which the limit of a test shows. */
const untilItEnds = { interrupt: 2 ** 30, terminate: 2 ** 29 }

const messages = (run: ActionRun) => run.annotations.map(({ message }) => message)

describe('two clusters', () => {
  const names = ['usa', 'eur'] as const
  let lab: LabClusters
  let first: ActionRun

  beforeAll(async () => {
    lab = await startClusters(names)
    first = await federate(lab, names)
  })
  afterAll(() => lab.close())

  test('become a federation, and all of it is told', () => {
    expect([first.exitCode, messages(first)]).toEqual([0, []])
    expect(first.outputs).toMatchObject({
      context: 'fed',
      host: 'usa',
      joined: '["usa","eur"]',
      changed: 'true',
    })
    expect(first.outputs['api-endpoint']).toMatch(/^https:\/\/.*\.us-east-1\.elb\.amazonaws\.com:5443$/)
    expect(JSON.parse(first.outputs.clusters ?? '')).toEqual([
      { name: 'usa', region: 'us-east-1', ready: true, kubernetesVersion: 'v1.35.7', nodes: 2 },
      { name: 'eur', region: 'eu-west-1', ready: true, kubernetesVersion: 'v1.35.7', nodes: 2 },
    ])
    expect(first.summary).toMatch(/^\| <code>eur<\/code> \|.*v1\.35\.7.*\| joined \|$/m)
  })

  test('are in one kubeconfig with the federation, which only its owner can read', async () => {
    const path = first.outputs.kubeconfig ?? ''
    expect(first.env.KUBECONFIG).toBe(path)
    expect(contextNames(parseKubeconfig(await readFile(path, 'utf8'))).sort()).toEqual(['eur', 'fed', 'usa'])
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  test('show no key and no token in what is printed, put out, kept or summed up', async () => {
    const config = parseKubeconfig(await readFile(first.outputs.kubeconfig ?? '', 'utf8'))
    const keys = config.users.flatMap(({ user }) => user['client-key-data'] ?? [])
    const secrets = lab.universe.clusters.federations()[0]?.store.list('Secret', {}) ?? []
    const tokens = secrets.flatMap(({ data }) => (data as { token?: string }).token ?? [])
    const values = [...keys, ...tokens]
    const plain = values.map(value => Buffer.from(value, 'base64').toString())
    const shown = [
      first.stdout.replace(/^::add-mask::.*$/gm, ''),
      first.summary,
      JSON.stringify([first.outputs, first.state, first.env]),
    ].join()
    expect([keys.length, tokens.length]).toEqual([3, 4])
    for (const value of [...values, ...plain]) expect(shown.includes(value)).toBe(false)
    expect(shown).not.toMatch(/PRIVATE KEY|eyJ[\w-]+\.[\w-]+\./)
  })

  test('are left as they are by a second run, which writes nothing', async () => {
    await federate(lab, names)
    const before = writesOf(lab.universe, 'federate')
    const second = await federate(lab, names)
    expect([second.exitCode, messages(second)]).toEqual([0, []])
    expect(second.outputs).toMatchObject({ joined: '[]', changed: 'false' })
    expect(writesOf(lab.universe, 'federate')).toEqual(before)
  })

  test('are only looked at by a dry run', async () => {
    await federate(lab, names)
    const before = writesOf(lab.universe, 'federate')
    const run = await federate(lab, ['usa'], { 'dry-run': 'true', prune: 'true' })
    expect(run.outputs).toMatchObject({ changed: 'true' })
    expect(run.summary).toContain('| <code>eur</code> | unjoin |')
    expect(writesOf(lab.universe, 'federate')).toEqual(before)
  })

  test('get back what was taken from a join', async () => {
    await federate(lab, names)
    const federation = lab.universe.clusters.federations()[0]?.store
    federation?.remove('Secret', 'karmada-cluster', 'eur-impersonator')
    const run = await federate(lab, names)
    expect([run.exitCode, run.outputs.changed, run.outputs.joined]).toEqual([0, 'true', '[]'])
    expect(federation?.get('Secret', 'karmada-cluster', 'eur-impersonator')).toBeDefined()
    expect(run.stdout).toContain('eur: repaired')
  })

  test('are one less after a run that prunes', async () => {
    await federate(lab, names)
    const run = await federate(lab, ['usa'], { prune: 'true' })
    expect([run.exitCode, messages(run), run.outputs.changed]).toEqual([0, [], 'true'])
    const left = lab.universe.clusters.federations()[0]?.store.list('Cluster', {})
    expect(left?.map(({ metadata }) => metadata.name)).toEqual(['usa'])
    const member = lab.universe.clusters.clusters().find(({ spec }) => spec.name.startsWith('eur.'))?.store
    const roles = [...(member?.list('ClusterRole') ?? []), ...(member?.list('ClusterRoleBinding') ?? [])]
    expect(member?.get('Namespace', undefined, 'karmada-cluster')).toBeUndefined()
    expect(roles.filter(({ metadata }) => metadata.name.includes('karmada'))).toEqual([])
  })

  test('leave no credentials behind when the job ends', async () => {
    const own = await mkdtemp(join(tmpdir(), 'meridian-federate-'))
    const run = await federate(lab, names, {}, { temp: own })
    const post = await runPost({ dir, temp: own, ...(entry && { entry }) }, run)
    expect(post.exitCode).toBe(0)
    await expect(stat(run.outputs.kubeconfig ?? '')).rejects.toThrow('ENOENT')
  })
})

describe('an installation that was cut short', () => {
  test('by version 0.1 is removed and made anew when it is said to be ours', async () => {
    const lab = await startClusters(['usa'])
    try {
      const host = lab.universe.clusters.clusters()[0]?.store
      const record = { state: 'installing', version: '1.18.2' }
      const place = { name: 'meridian-installation', namespace: 'karmada-system' }
      const marks = { 'karmada.io/bootstrapping': 'secret-defaults' }
      host?.create('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'karmada-system' } })
      host?.create('ConfigMap', { apiVersion: 'v1', kind: 'ConfigMap', metadata: place, data: record })
      host?.create('Secret', {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'karmada-cert', namespace: 'karmada-system', labels: marks },
        data: { 'ca.crt': 'QQ==' },
      })
      const refused = await federate(lab, ['usa'])
      expect(messages(refused).join()).toContain('was made by version 0.1, which did not say for whom')
      const run = await federate(lab, ['usa'], { adopt: 'true' })
      expect([run.exitCode, messages(run)]).toEqual([0, []])
      expect(run.stdout).toContain('An installation was cut short, it lacks')
      expect(run.outputs.joined).toBe('["usa"]')
    } finally {
      await lab.close()
    }
  })
})

describe('a run is refused before anything is written', () => {
  let lab: LabClusters
  beforeAll(async () => {
    lab = await startClusters(['usa'])
  })
  afterAll(() => lab.close())

  async function refused(names: readonly Name[], inputs: Record<string, string>): Promise<string> {
    const run = await federate(lab, names, inputs)
    expect(run.exitCode).toBe(1)
    expect(writesOf(lab.universe, 'federate')).toEqual([])
    return messages(run).join()
  }

  test('with inputs that are not valid', async () => {
    expect(await refused(['usa'], { name: '--evil', host: 'eur' })).toContain("'--evil' must be a label")
  })

  test('with one cluster under two names', async () => {
    const path = lab.env.KUBECONFIG ?? ''
    const marked = (await readFile(path, 'utf8')).replaceAll('usa', 'eur').replace(/api-eur/g, 'api-usa')
    // Somebody else's kubeconfig does not bear kops' mark.
    const twice = marked.replace(/^ *tls-server-name:.*\n/gm, '')
    const other = join(lab.universe.directory, 'twice')
    await writeFile(other, twice)
    const run = await federate(
      lab,
      ['usa', 'eur'],
      {
        clusters: '[{name: usa, region: us-east-1}, {name: eur, region: eu-west-1, provider: existing}]',
      },
      { env: { ...lab.env, KUBECONFIG: `${path}:${other}` } },
    )
    expect(messages(run).join()).toContain('usa and eur are the same cluster')
    expect(writesOf(lab.universe, 'federate')).toEqual([])
  })

  test('on a host that holds a control plane of other origin', async () => {
    const host = lab.universe.clusters.clusters()[0]?.store
    host?.create('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'karmada-system' } })
    host?.create('Deployment', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'karmada-apiserver', namespace: 'karmada-system' },
      spec: {
        selector: { matchLabels: { app: 'x' } },
        template: { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'x', image: 'x' }] } },
      },
    })
    expect(await refused(['usa'], {})).toContain('holds a Karmada of other origin')
  })
})

test('a run that is cancelled ends by itself, says what exists and what to do, and leaves no child', async () => {
  const lab = await startClusters(['usa'])
  try {
    const cancel = new AbortController()
    const onLine = (line: string) => {
      if (line.includes('Waiting for')) cancel.abort()
    }
    const run = await federate(lab, ['usa'], {}, { signal: cancel.signal, patience: untilItEnds, onLine })
    expect(run.exitCode).toBe(1)
    expect(run.stdout).toContain('Karmada control plane in usa')
    expect(run.stdout).toContain(
      `run teardown with scope: 'dns,app,federation', clusters: [{"name":"usa","region":"us-east-1"}]`,
    )
    expect(run.orphans).toBe(false)
  } finally {
    await lab.close()
  }
})
