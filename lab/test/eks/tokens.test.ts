import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { connectAws, eksToken } from '@meridian/aws'
import type { ClusterDescriptor } from '@meridian/identity'
import { reachEks } from '@meridian/kops'
import { connectKube, contextParts } from '@meridian/kube'
import type { EksHandle } from '@meridian/lab-clusters/eks'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import { stubAws } from '@meridian/lab-universe/testing'
import { findCommand } from '@meridian/lab-world/testing'
import { testJob } from '@meridian/runner/testing'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'

const run = promisify(execFile)
const minutes = (count: number) => count * 60_000
const cluster: ClusterDescriptor = {
  name: 'usa',
  region: 'us-east-1',
  zones: [],
  provider: 'eks',
  eksName: 'shop',
  fullName: 'usa.k8s.example.com',
  stateStore: '',
}

let universe: Universe
let shop: EksHandle
let directory: string

beforeAll(async () => {
  universe = await startUniverse({ scale: 10_000 })
  shop = await universe.addEksCluster('shop')
  directory = await mkdtemp(join(tmpdir(), 'meridian-test-'))
})
afterAll(async () => {
  await rm(directory, { recursive: true })
  await universe.close()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

const jobOf = (universe: Universe) => {
  stubAws(universe)
  const masked: string[] = []
  const job = testJob({
    env: universe.env,
    scratch: async () => directory,
    mask: secret => void masked.push(secret),
  })
  return { job, masked }
}

test('a run that lasts longer than a token goes on with new ones, and so do programs that read its file', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] })
  const { job, masked } = jobOf(universe)
  const { kube } = await reachEks(job, await connectAws(job, {}), cluster)
  const { tokenFile = '' } = contextParts(kube.kubeconfig, 'usa').user
  const first = await readFile(tokenFile, 'utf8')
  const nodes = () => kube.list({ apiVersion: 'v1', kind: 'Node' })
  expect(await nodes()).toHaveLength(2)

  await vi.advanceTimersByTimeAsync(minutes(16))
  await expect.poll(() => readFile(tokenFile, 'utf8')).not.toBe(first)
  expect(await nodes()).toHaveLength(2)
  expect(masked).toEqual(expect.arrayContaining([first, await readFile(tokenFile, 'utf8')]))

  // The first one would not have been good any more.
  const stale = join(directory, 'stale')
  await writeFile(stale, first)
  const config = { ...kube.kubeconfig, users: [{ name: 'usa', user: { tokenFile: stale } }] }
  await expect(
    connectKube(config, { ...job, context: 'usa' }).request('GET', '/version'),
  ).rejects.toMatchObject({
    status: 401,
  })
  expect(shop.refusals().at(-1)).toContain('X-Amz-Date parameter is expired (15 minute expiration)')
})

test('clusters of one alias, and one cluster that is reached twice, have each their own token', async () => {
  await universe.addEksCluster('blog')
  const { job } = jobOf(universe)
  const aws = await connectAws(job, {})
  const names = ['shop', 'blog', 'shop']
  const reached = await Promise.all(names.map(eksName => reachEks(job, aws, { ...cluster, eksName })))
  const nodes = await Promise.all(reached.map(({ kube }) => kube.list({ apiVersion: 'v1', kind: 'Node' })))
  expect(nodes.map(list => list.length)).toEqual([2, 2, 2])
})

test('kubectl is let in by the token alone', async ({ skip }) => {
  if (!(await findCommand('kubectl'))) return skip('skipped: kubectl not found')
  const { job } = jobOf(universe)
  const aws = await connectAws(job, {})
  const { kube } = await reachEks(job, aws, cluster)
  const ca = join(directory, 'ca.pem')
  const { 'certificate-authority-data': bundle = '' } = contextParts(kube.kubeconfig, 'usa').cluster
  await writeFile(ca, Buffer.from(bundle, 'base64'))
  const ask = async (eksName: string) => {
    const token = await eksToken(await aws.credentials(), { region: cluster.region, eksName })
    const args = [`--server=${kube.server}`, `--certificate-authority=${ca}`, `--token=${token}`]
    const env = { ...universe.env, HOME: directory, KUBECONFIG: '' }
    return (await run('kubectl', [...args, 'get', 'nodes', '--output=name'], { env })).stdout
  }
  expect((await ask('shop')).trim().split('\n')).toHaveLength(2)
  await expect(ask('other')).rejects.toThrow('Unauthorized')
})
