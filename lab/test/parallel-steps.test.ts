import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runWorkflow } from '@meridian/lab-runner'
import { startUniverse } from '@meridian/lab-universe'
import { repositorySlug } from '@meridian/lab-world'
import { expect, onTestFinished, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const action = (name: string) => `
          - uses: ${repositorySlug()}/actions/create-cluster@main
            with: { name: ${name}, domain: k8s.example.com, zones: ${name === 'usa' ? 'us-east-1a' : 'eu-west-1a'}, permissions-boundary: "\${{ vars.BOUNDARY }}" }`

const workflow = `
on: workflow_dispatch
permissions: {}
jobs:
  clusters:
    runs-on: ubuntu-24.04
    steps:
      - parallel:${action('usa')}${action('eur')}
      - name: contexts
        run: |
          sed -n 's/^  - name: //p' "$KUBECONFIG" | sort -u | paste -sd,
`

test('two create-cluster steps side by side in one job keep both contexts, and the post steps remove them', async () => {
  const universe = await startUniverse({ scale: 10_000 })
  onTestFinished(universe.close)
  const workspace = await mkdtemp(join(tmpdir(), 'meridian-caller-'))
  onTestFinished(() => rm(workspace, { recursive: true }))
  const file = join(workspace, '.github/workflows/clusters.yml')
  await mkdir(join(file, '..'), { recursive: true })
  await writeFile(file, workflow)
  const run = await runWorkflow({
    file,
    workspace,
    repository: { slug: 'acme/shop', id: '1001', ownerId: '2002' },
    repositories: { [repositorySlug()]: root },
    vars: { BOUNDARY: 'arn:aws:iam::111122223333:policy/meridian-machines' },
    env: universe.env,
  })
  const steps = run.jobs[0]?.steps ?? []
  expect(run.result, steps.flatMap(({ log }) => log.slice(-10)).join('\n')).toBe('success')
  expect(steps.find(({ name }) => name === 'contexts')?.log).toEqual(['eur,usa'])
})
