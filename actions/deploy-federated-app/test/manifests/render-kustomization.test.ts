import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { testJob } from '@meridian/runner/testing'
import { beforeEach, describe, expect, test } from 'vitest'
import { parseManifest } from '../../src/manifests/parse-manifest.ts'
import { renderKustomizations } from '../../src/manifests/render-kustomization.ts'

let workspace = ''
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'meridian-render-'))
})

async function place(files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(workspace, path)), { recursive: true })
    await writeFile(join(workspace, path), text)
  }
}
async function render(folder: string, path: string) {
  const job = testJob({ env: { PATH: path, AWS_SECRET_ACCESS_KEY: 'hush' } })
  Object.assign(job, { run: { ...job.run, workspace } })
  return {
    job,
    files: await renderKustomizations(job, { kubectlPath: undefined, kubectlUrl: undefined }, [folder]),
  }
}

/** A kubectl that says its version, and else does what it is told to. */
async function placeKubectl(does: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kubectl-'))
  const script = `#!/bin/sh\nif [ "$1" = version ]; then echo 'Client Version: v1.35.1'; exit; fi\n${does}\n`
  await writeFile(join(directory, 'kubectl'), script)
  await chmod(join(directory, 'kubectl'), 0o755)
  return directory
}

describe('a kustomization', () => {
  test('is rendered by the kubectl of this machine, which knows nothing of the job and has no way out', async () => {
    await place({ 'prod/kustomization.yaml': 'resources: []' })
    const path = await placeKubectl('echo "# Warning: old" >&2; { echo "$1 $2"; export -p; } > "$4"')
    const { job, files } = await render('prod', path)
    const [file] = files
    expect(file?.path).toBe('prod')
    expect(file?.text).toContain(`kustomize ${workspace}/prod`)
    expect(file?.text).toMatch(/HTTPS_PROXY=.*127\.0\.0\.1:9/)
    expect(file?.text).not.toMatch(/hush|AWS_|GITHUB_/)
    expect(job.lines).toContain('prod: # Warning: old')
  })

  test.each([
    ['error: accumulating resources: no such file', 'accumulating resources: no such file'],
    ['E1129 03:10:28.4 1 run.go:72] "command failed" err="accumulating: no"', 'accumulating: no'],
  ])('that kubectl refuses (%s) is told in its words', async (says, words) => {
    await place({ 'prod/kustomization.yaml': 'resources: []' })
    const path = await placeKubectl(`echo '# Warning: old' >&2; echo '${says}' >&2; exit 1`)
    await expect(render('prod', path)).rejects.toMatchObject({
      name: 'UserError',
      message: `the kustomization prod cannot be rendered: ${words}`,
      input: 'manifests',
    })
  })

  test('that leads elsewhere is not given to kubectl at all', async () => {
    await place({ 'prod/kustomization.yaml': 'resources: ["https://example.com/app.yaml"]' })
    const path = await placeKubectl('echo "kubectl was asked" >&2; exit 1')
    await expect(render('prod', path)).rejects.toThrow(
      "'https://example.com/app.yaml' is fetched from elsewhere",
    )
  })
})

const path = process.env.PATH ?? ''
const isFound = path.split(delimiter).some(directory => existsSync(join(directory, 'kubectl')))

describe.skipIf(!isFound)(`by kubectl itself${isFound ? '' : ' (skipped: kubectl not found)'}`, () => {
  test('an overlay is rendered with its base', async () => {
    await place({
      'base/kustomization.yaml': 'resources: [app.yaml]',
      'base/app.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: app}\ndata: {key: base}\n',
      'prod/kustomization.yaml':
        'resources: [../base]\nnamePrefix: prod-\npatches: [{target: {kind: ConfigMap}, patch: "- {op: replace, path: /data/key, value: prod}"}]\n',
    })
    const { files } = await render('prod', path)
    expect(files.map(parseManifest)).toEqual([
      {
        objects: [
          { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'prod-app' }, data: { key: 'prod' } },
        ],
        problems: [],
      },
    ])
  })

  test('a file above the folder is told, with what to do', async () => {
    await place({ 'app.yaml': '{}', 'prod/kustomization.yaml': 'resources: [../app.yaml]' })
    await expect(render('prod', path)).rejects.toMatchObject({
      message: expect.stringMatching(/cannot be rendered: .*app\.yaml.* is not in or below/),
      fix: expect.stringContaining('make a base of its folder'),
    })
  })
})
