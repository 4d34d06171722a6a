import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { makeMark, writeTags } from '@meridian/identity'
import { type ActionRun, runAction } from '@meridian/lab-runner'
import { kopsItself, lacks, startMoto } from '@meridian/lab-universe/testing'
import { expect, onTestFinished, test } from 'vitest'
import { claimCluster, identityOf, labelsOf, loseBucket, repository } from './lab-environment.ts'

const dir = fileURLToPath(new URL('..', import.meta.url))
const correctedMoto = fileURLToPath(new URL('corrected-moto.py', import.meta.url))
const moto = { name: 'moto', command: ['python3', '-c', 'import moto.server; print(1)'], answer: /^1$/ }
const name = 'usa.k8s.example.com'
const bucket = `${name}-state`

/** A cluster as kops itself makes it; moto needs one of its own images. */
async function makeCluster(env: Record<string, string | undefined>): Promise<void> {
  const flags = [
    `--name=${name}`,
    `--state=s3://${bucket}`,
    '--cloud=aws',
    '--zones=us-east-1a',
    '--node-count=1',
    '--control-plane-count=1',
    '--node-size=t3.medium',
    '--control-plane-size=t3.medium',
    '--kubernetes-version=1.36.1',
    '--dns=none',
    '--channel=none',
    '--image=ami-03cf127a',
    labelsOf('default', name),
  ]
  // Not `execFileSync`: kops asks this process for hashes.
  await promisify(execFile)('kops', ['create', 'cluster', ...flags, '--yes'], { env })
}

test.skipIf(lacks([kopsItself, moto]))(
  'kops itself, against an independent AWS: deleted to nothing, and again after its state was lost',
  async () => {
    const aws = await startMoto(['python3', correctedMoto])
    const env = { ...aws, GITHUB_REPOSITORY: repository.name, GITHUB_REPOSITORY_ID: repository.id }
    const url = env.AWS_ENDPOINT_URL
    const home = await mkdtemp(join(tmpdir(), 'meridian-kops-'))
    onTestFinished(() => rm(home, { recursive: true, force: true }))
    const clusters = '[{name: usa, region: us-east-1}]'
    const inputs = { domain: 'k8s.example.com', clusters, scope: 'clusters,state' }
    const run = (): Promise<ActionRun> => runAction({ dir, env, inputs })
    const said = ({ annotations }: ActionRun) => annotations.map(({ message }) => message).join('\n')
    const make = async () => {
      await fetch(`${url}/${bucket}`, { method: 'PUT' })
      const tags = Object.entries(writeTags(makeMark(identityOf('default', { cluster: name }))))
      const set = tags.map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`).join('')
      const body = `<Tagging><TagSet>${set}</TagSet></Tagging>`
      await fetch(`${url}/${bucket}?tagging`, { method: 'PUT', body })
      await claimCluster({ env: env as Record<string, string> }, name, identityOf('default'))
      await makeCluster({ ...env, PATH: process.env.PATH, HOME: home, KUBECONFIG: join(home, 'config') })
    }

    await make()
    const first = await run()
    expect(said(first)).toBe('')
    expect(first.outputs).toMatchObject({ clean: 'true', leaks: '[]' })

    await make()
    await loseBucket({ env }, bucket)
    const second = await run()
    expect(said(second)).toBe('')
    expect(second.stdout).toContain('kops does not know it any more')

    const third = await run()
    expect([said(third), third.outputs.deleted]).toEqual(['', '[]'])
  },
  240_000,
)
