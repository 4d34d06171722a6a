import { mkdir, mkdtemp, realpath, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { checkKustomization, isKustomization } from '../../src/manifests/check-kustomization.ts'

let outside = ''
let root = ''
beforeEach(async () => {
  outside = await realpath(await mkdtemp(join(tmpdir(), 'meridian-kustomize-')))
  root = join(outside, 'workspace')
  await place({ 'base/kustomization.yaml': 'resources: [app.yaml]', 'base/app.yaml': '{}' })
  await place({ '../elsewhere/kustomization.yaml': 'resources: []' })
})

async function place(files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
}
async function problemsOf(text: string, more: Record<string, string> = {}): Promise<string[]> {
  await place({ 'prod/kustomization.yaml': text, ...more })
  const error = await checkKustomization(root, 'prod').catch(each => each)
  return error === undefined ? [] : String(error.message).split('\n').slice(1)
}

test.each(['kustomization.yaml', 'kustomization.yml', 'Kustomization'])(
  'a folder with a %s is one',
  async name => {
    await place({ [`some/${name}`]: '{}' })
    expect(await isKustomization(root, 'some')).toBe(true)
    expect(await isKustomization(root, '.')).toBe(false)
  },
)

describe('a kustomization may be built', () => {
  test.each([
    'resources: [../base]',
    'components: [../base]\nimages: [{name: web, newName: "registry.example.com:5000/web"}]',
    'resources: [../base]\ncommonAnnotations: {docs: "https://docs.example.com/app"}',
    'resources: [../base]\nconfigMapGenerator: [{name: c, literals: ["URL=https://example.com"]}]',
    'resources: [../base]\npatches: [{patch: "- op: add\\n  path: /x\\n  value: https://example.com\\n"}]',
  ])('on %s', async text => {
    expect(await problemsOf(text)).toEqual([])
  })
})

describe('a kustomization is refused that', () => {
  const place = 'prod/kustomization.yaml'
  const remote = (what: string) => [`- ${place}: '${what}' is fetched from elsewhere`]
  const absent = (what: string) => [`- ${place}: '${what}' is not in the workspace`]

  test.each([
    ['resources: ["https://example.com/app.yaml"]', remote('https://example.com/app.yaml')],
    ['RESOURCES: ["https://example.com/app.yaml"]', remote('https://example.com/app.yaml')],
    ['resources: ["example.com/org/app?ref=v1"]', absent('example.com/org/app?ref=v1')],
    ['bases: ["git@example.com:org/app.git"]', absent('git@example.com:org/app.git')],
    ['components: ["ssh://git@example.com/org/app"]', remote('ssh://git@example.com/org/app')],
    ['patches: [{path: "http://example.com/p.yaml"}]', remote('http://example.com/p.yaml')],
    ['openapi: {path: "https://example.com/s.json"}', remote('https://example.com/s.json')],
    [
      'configMapGenerator: [{name: c, files: ["k=https://example.com/f"]}]',
      remote('k=https://example.com/f'),
    ],
    [
      'transformers: ["kind: PatchTransformer\\npath: https://example.com/p\\n"]',
      remote('https://example.com/p'),
    ],
  ])('reads what is elsewhere: %s', async (text, problems) => {
    expect(await problemsOf(text)).toEqual(problems)
  })

  test('names such a thing in a file of a transformer, or in a base', async () => {
    const text = 'resources: [../next]\ntransformers: [t.yaml]'
    const files = {
      'prod/t.yaml': 'kind: PatchTransformer\npath: https://example.com/p\n',
      'next/Kustomization': 'resources: ["https://example.com/next"]',
    }
    expect(await problemsOf(text, files)).toEqual([
      ...remote('https://example.com/p'),
      "- next/Kustomization: 'https://example.com/next' is fetched from elsewhere",
    ])
  })

  test('is built on what lies outside of the workspace, also by a link', async () => {
    await symlink(join(outside, 'elsewhere'), join(root, 'link'))
    expect(await problemsOf('resources: [../../elsewhere, ../link]')).toEqual([
      `- ${place}: '../../elsewhere' is outside the workspace`,
      `- ${place}: '../link' is outside the workspace`,
    ])
  })

  test.each(['helmCharts: [{name: web}]', 'helmChartInflationGenerator: [{chartName: web}]'])(
    'renders charts: %s',
    async text => {
      expect(await problemsOf(text)).toEqual([`- ${place}: it renders Helm charts`])
    },
  )

  test('cannot be read, or says what is read otherwise by kustomize', async () => {
    expect(await problemsOf('resources: [')).toEqual([expect.stringContaining(`- ${place}: `)])
    expect(await problemsOf('patches: [{path: !!binary aHR0cHM6Ly9h}]')).toEqual([
      expect.stringContaining('it has the tag'),
    ])
  })

  test('is a link to the outside', async () => {
    await mkdir(join(root, 'linked'))
    await symlink(join(outside, 'elsewhere/kustomization.yaml'), join(root, 'linked/kustomization.yaml'))
    await expect(checkKustomization(root, 'linked')).rejects.toThrow('outside the workspace')
  })
})
