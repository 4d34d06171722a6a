import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { onlyContext, parseKubeconfig } from '@meridian/kube'
import { type LabClusters, startClusters, writesOf } from '@meridian/lab-universe/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attempt } from '../in-process.ts'

const names = ['usa', 'eur'] as const
let lab: LabClusters
let kubeconfig: string

beforeAll(async () => {
  lab = await startClusters(names)
  const { error, job } = await attempt(lab, names)
  expect(error).toBeUndefined()
  const path = String(job.outputs.kubeconfig)
  kubeconfig = JSON.stringify(onlyContext(parseKubeconfig(await readFile(path, 'utf8')), 'fed'))
})
afterAll(() => lab.close())

const host = () => lab.universe.clusters.clusters().find(({ spec }) => spec.name.startsWith('usa.'))?.store
const federation = () => lab.universe.clusters.federations()[0]?.store
const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

/** Images of Karmada's own components, with their tags. */
function images(): string[] {
  const deployments = host()?.list('Deployment', { namespace: 'karmada-system' }) ?? []
  const texts = deployments.map(deployment => JSON.stringify(deployment.spec))
  return texts.flatMap(text => /karmada\/[a-z-]+:v[\d.]+/.exec(text)?.[0] ?? [])
}

describe('a control plane that others run', () => {
  const existing = () => ({ 'control-plane': 'existing', 'karmada-kubeconfig': kubeconfig, name: 'theirs' })

  test('is used by its kubeconfig, and no host is written to or named', async () => {
    const before = writesOf(lab.universe, 'federate')
    const { error, job } = await attempt(lab, names, existing())
    expect(error).toBeUndefined()
    expect(job.outputs).toMatchObject({ context: 'theirs', host: '', changed: false, joined: [] })
    expect(job.summaries.join()).toContain('on a control plane of others')
    expect(writesOf(lab.universe, 'federate')).toEqual(before)
  })

  test('says in a dry run what would be done with its members', async () => {
    const { job } = await attempt(lab, ['usa'], { ...existing(), prune: 'true', 'dry-run': 'true' })
    expect(job.outputs).toMatchObject({ changed: true })
    expect(job.summaries.join()).toContain('| <code>eur</code> | unjoin |')
  })
})

describe('a control plane of an older version', () => {
  beforeAll(() => {
    for (const { metadata } of host()?.list('Deployment', { namespace: 'karmada-system' }) ?? []) {
      host()?.modify('Deployment', 'karmada-system', metadata.name, draft => {
        draft.spec = JSON.parse(JSON.stringify(draft.spec).replaceAll(':v1.18.2', ':v1.18.1'))
      })
    }
  })

  test('is used as it is, and that is said', async () => {
    const { error, job } = await attempt(lab, names)
    expect(error).toBeUndefined()
    expect(job.lines.join('\n')).toContain('is Karmada 1.18.1, not 1.18.2: it is used as it is')
    expect(job.outputs).toMatchObject({ 'karmada-version': '1.18.1', changed: false })
  })

  test('is not taken over a minor version, and nothing is written', async () => {
    const before = writesOf(lab.universe, 'federate')
    const { error } = await attempt(lab, names, { upgrade: 'true', 'karmada-version': '1.20.0' })
    expect(messageOf(error)).toContain('one minor version at a time: first to 1.19')
    expect(writesOf(lab.universe, 'federate')).toEqual(before)
  })

  test('is upgraded when told to: definitions first, then every component', async () => {
    const dryRun = await attempt(lab, names, { upgrade: 'true', 'dry-run': 'true' })
    expect(dryRun.job.summaries.join()).toContain('| control plane | upgrade |')
    const inputs = { upgrade: 'true', 'karmada-crds': await makeArchive() }
    const { error, job } = await attempt(lab, names, inputs)
    expect([error, job.outputs.changed]).toEqual([undefined, true])
    expect(new Set(images().map(image => image.split(':')[1]))).toEqual(new Set(['v1.18.2']))
    const definition = federation()?.get('CustomResourceDefinition', undefined, 'colours.test.karmada.io')
    expect(definition?.spec).toMatchObject({
      conversion: {
        webhook: { clientConfig: { url: expect.stringContaining('karmada-webhook.karmada-system') } },
      },
    })
    const record = host()?.get('ConfigMap', 'karmada-system', 'meridian-installation')
    expect(record?.data).toEqual({ state: 'installed', version: '1.18.2' })
    expect((await attempt(lab, names, inputs)).job.outputs.changed).toBe(false)
  })
})

/** An archive laid out like that of a release, of one definition with one patch. */
async function makeArchive(): Promise<string> {
  const names = { kind: 'Colour', listKind: 'ColourList', plural: 'colours', singular: 'colour' }
  const head = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'colours.test.karmada.io' },
  }
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
  const versions = [{ name: 'v1', served: true, storage: true, schema }]
  const clientConfig = { url: 'https://{{name}}.{{namespace}}.svc:443/convert', caBundle: '{{caBundle}}' }
  const webhook = { clientConfig, conversionReviewVersions: ['v1'] }
  const files = {
    'crds/bases/test/test.karmada.io_colours.yaml': {
      ...head,
      spec: { group: 'test.karmada.io', names, scope: 'Namespaced', versions },
    },
    'crds/patches/webhook_in_colours.yaml': {
      ...head,
      spec: { conversion: { strategy: 'Webhook', webhook } },
    },
  }
  const directory = join(lab.universe.directory, 'archive')
  for (const [path, object] of Object.entries(files)) {
    await mkdir(join(directory, path, '..'), { recursive: true })
    await writeFile(join(directory, path), JSON.stringify(object))
  }
  const archive = join(lab.universe.directory, 'crds.tar.gz')
  await promisify(execFile)('tar', ['-czf', archive, '-C', directory, 'crds'])
  return archive
}
