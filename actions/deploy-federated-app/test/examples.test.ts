import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { testJob } from '@meridian/runner/testing'
import { expect, test } from 'vitest'
import { parseManifest } from '../src/manifests/parse-manifest.ts'
import { prepareObjects } from '../src/manifests/prepare-objects.ts'
import { renderKustomizations } from '../src/manifests/render-kustomization.ts'

const workspace = join(import.meta.dirname, '../../../examples')
const path = process.env.PATH ?? ''
const isFound = path.split(delimiter).some(directory => existsSync(join(directory, 'kubectl')))
const overlay = 'kustomize/overlays/production'

test.skipIf(!isFound)(
  `${overlay} renders to an app${isFound ? '' : ' (skipped: kubectl not found)'}`,
  async () => {
    const job = testJob({ env: { PATH: path } })
    Object.assign(job, { run: { ...job.run, workspace } })
    const inputs = { kubectlPath: undefined, kubectlUrl: undefined }
    const [rendered] = await renderKustomizations(job, inputs, [overlay])
    const { objects } = parseManifest(rendered ?? { path: '', text: '' })
    const how = { namespace: 'shop', images: [], pullSecrets: [], allowedKinds: undefined }
    expect(prepareObjects(objects, how, () => true).problems).toEqual([])
    expect(objects).toMatchObject([
      { kind: 'ConfigMap', metadata: { name: expect.stringMatching(/^production-web-settings-\w+$/) } },
      { kind: 'Service', metadata: { name: 'production-web' } },
      { kind: 'Deployment', metadata: { name: 'production-web' }, spec: { replicas: 6 } },
    ])
  },
)
