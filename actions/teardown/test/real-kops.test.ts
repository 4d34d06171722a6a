import { execFile, execFileSync, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type ActionRun, runAction } from '@meridian/lab'
import { expect, onTestFinished, test } from 'vitest'
import { loseBucket } from './lab-environment.ts'

const dir = fileURLToPath(new URL('..', import.meta.url))
const moto = fileURLToPath(new URL('corrected-moto.py', import.meta.url))
const address = (server: { address(): unknown }) =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const name = 'usa.k8s.example.com'
const bucket = `${name}-state`

function answerOf(command: string, args: string[]): string {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return ''
  }
}

/** What this test needs and this machine lacks. */
const missing = [
  ...(answerOf('kops', ['version', '--short']) === '1.36.2' ? [] : ['kops 1.36.2']),
  ...(answerOf('python3', ['-c', 'import moto.server; print(1)']) === '1' ? [] : ['moto']),
]
if (missing.length > 0) console.log(`skipped: ${missing.join(' and ')} not found`)

/** Serves any hash that kops asks for, instead of its release's servers. */
async function serveHashes(): Promise<string> {
  const server = createServer((_, response) => response.end(`${'a'.repeat(64)}\n`))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `${address(server)}/binaries/kops/1.36.2/`
}

async function startMoto(): Promise<string> {
  const free = createServer()
  await new Promise<void>(resolve => free.listen(0, '127.0.0.1', resolve))
  const url = address(free)
  await new Promise(resolve => free.close(resolve))
  const server = spawn('python3', [moto, '-H', '127.0.0.1', '-p', new URL(url).port], { stdio: 'ignore' })
  onTestFinished(() => void server.kill())
  for (;;) {
    const up = await fetch(`${url}/moto-api/`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (up) return url
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

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
    '--cloud-labels=meridian:environment=default',
  ]
  // Not `execFileSync`: kops asks this process for hashes.
  await promisify(execFile)('kops', ['create', 'cluster', ...flags, '--yes'], { env })
}

test.skipIf(missing.length > 0)(
  'kops itself, against an independent AWS: deleted to nothing, and again after its state was lost',
  async () => {
    const url = await startMoto()
    const home = await mkdtemp(join(tmpdir(), 'meridian-kops-'))
    onTestFinished(() => rm(home, { recursive: true, force: true }))
    const env = {
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: 'AKIALABLABLABLABLAB1',
      AWS_SECRET_ACCESS_KEY: 'secret-of-a-lab',
      AWS_REGION: 'us-east-1',
      S3_ENDPOINT: url,
      S3_ACCESS_KEY_ID: 'AKIALABLABLABLABLAB1',
      S3_SECRET_ACCESS_KEY: 'secret-of-a-lab',
      S3_REGION: 'us-east-1',
      KOPS_BASE_URL: await serveHashes(),
      KOPS_FEATURE_FLAGS: '-ImageDigest',
    }
    const clusters = '[{name: usa, region: us-east-1}]'
    const inputs = { domain: 'k8s.example.com', clusters, scope: 'clusters,state' }
    const run = (): Promise<ActionRun> => runAction({ dir, env, inputs })
    const said = ({ annotations }: ActionRun) => annotations.map(({ message }) => message).join('\n')
    const make = async () => {
      await fetch(`${url}/${bucket}`, { method: 'PUT' })
      const tag = '<Tag><Key>meridian:environment</Key><Value>default</Value></Tag>'
      const body = `<Tagging><TagSet>${tag}</TagSet></Tagging>`
      await fetch(`${url}/${bucket}?tagging`, { method: 'PUT', body })
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
