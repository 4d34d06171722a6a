import { execFileSync, spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { loadKubeconfig } from '@meridian/kube'
import { type ActionRequest, type ActionRun, runAction } from '@meridian/lab'
import { expect, onTestFinished, test } from 'vitest'

const dir = fileURLToPath(new URL('..', import.meta.url))
const address = (server: { address(): unknown }) =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}`

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
  ...(answerOf('moto_server', ['--help']) === '' ? ['moto_server'] : []),
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
  const moto = spawn('moto_server', ['-H', '127.0.0.1', '-p', new URL(url).port], { stdio: 'ignore' })
  onTestFinished(() => void moto.kill())
  for (;;) {
    const up = await fetch(`${url}/moto-api/`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (up) return url
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

test.skipIf(missing.length > 0)(
  'kops itself, against an independent AWS: made, cut short and finished, found and changed, and refused where it cannot change',
  async () => {
    const url = await startMoto()
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
    const run = (
      inputs: Record<string, string> = {},
      more: Partial<ActionRequest> = {},
    ): Promise<ActionRun> =>
      runAction({
        dir,
        env,
        ...more,
        inputs: {
          name: 'usa',
          domain: 'k8s.example.com',
          zones: 'us-east-1a',
          'kubernetes-version': '1.36.1',
          channel: 'none',
          image: 'ami-03cf127a',
          tags: 'team=blue, cost=a b',
          ttl: '8h',
          wait: 'false',
          ...inputs,
        },
      })
    const said = ({ annotations }: ActionRun) => annotations.map(({ message }) => message).join('\n')

    const dry = await run({ 'dry-run': 'true' })
    expect(said(dry)).toBe('')
    expect(dry.stdout).toContain('configBase: s3://usa.k8s.example.com-state/usa.k8s.example.com')
    expect(dry.summary).toContain('Bucket <code>usa.k8s.example.com-state</code> | would be created')

    const cancel = new AbortController()
    const onLine = (line: string) => {
      if (/Tasks: [1-9]\d* done/.test(line)) cancel.abort()
    }
    const cut = await run({ name: 'cut' }, { signal: cancel.signal, onLine })
    expect(cut.orphans).toBe(false)
    expect(cut.stdout).toContain('What exists now: state bucket cut.k8s.example.com-state')
    const finished = await run({ name: 'cut' })
    expect(said(finished)).toBe('')
    expect(finished.outputs['api-endpoint']).toMatch(/^https:\/\/api-cut-/)

    const first = await run()
    expect(said(first)).toBe('')
    expect(first.outputs).toMatchObject({ created: 'true', context: 'usa' })
    expect(first.outputs['api-endpoint']).toMatch(/^https:\/\/api-usa-k8s-example-com-.*\.amazonaws\.com$/)
    const kubeconfig = await loadKubeconfig({ KUBECONFIG: first.outputs.kubeconfig })
    expect(kubeconfig?.contexts.map(({ name }) => name)).toEqual(['usa'])

    const second = await run()
    expect(said(second)).toBe('')
    expect(second.outputs).toMatchObject({ created: 'false', 'expires-at': first.outputs['expires-at'] })

    const changed = await run({ 'node-count': '3', 'api-access': '192.0.2.0/24, 2001:db8::/32' })
    expect(said(changed)).toBe('')
    expect(changed.stdout).toContain('node-count is 1, not 3. It is changed now.')
    const again = await run({ 'node-count': '3', 'api-access': '192.0.2.0/24, 2001:db8::/32' })
    expect(again.stdout).not.toContain('It is changed now.')

    const refused = await run({ networking: 'calico', 'kubernetes-version': '1.35.7' })
    expect(said(refused)).toContain(
      'networking is cilium, not calico; kubernetes-version is 1.36.1, not 1.35.7',
    )
  },
  120_000,
)
