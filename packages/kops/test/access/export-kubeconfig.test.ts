import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildKubeconfig } from '@meridian/kube'
import { expect, test } from 'vitest'
import { exportKubeconfig, isKubeconfigOf, type Kops } from '../../src/index.ts'

const fullName = 'usa.k8s.example.com'
const config = (tlsServerName?: string, server = 'https://a') =>
  buildKubeconfig({ context: 'usa', server, tlsServerName })

test.each([
  ["kops' mark of the cluster", config(`api.internal.${fullName}`), 'usa', true],
  ["kops' mark of another cluster", config('api.internal.usa.pr-42.k8s.example.com'), 'usa', false],
  ["the name of the cluster's API", config(undefined, `https://api.${fullName}`), 'usa', true],
  ['the alias alone, of whatever cluster that is', config(), 'usa', false],
  ['another context', config(`api.internal.${fullName}`), 'eur', false],
])('a kubeconfig with %s, for one of kops', (_, given, context, expected) => {
  expect(isKubeconfigOf(given, context, { fullName, provider: 'kops' })).toBe(expected)
})

test.each([
  ['no mark', config(), true],
  ["kops' mark of another cluster", config('api.internal.usa.pr-42.k8s.example.com'), false],
])('a kubeconfig with %s, for one that somebody else made', (_, given, expected) => {
  expect(isKubeconfigOf(given, 'usa', { fullName, provider: 'existing' })).toBe(expected)
})

test('of many kubeconfigs four are exported at once, also when some fail, and all that do not are had', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'meridian-export-'))
  let [running, most] = [0, 0]
  const run = async (fullName: string, args: readonly string[]) => {
    running += 1
    most = Math.max(most, running)
    const file = args.find(arg => arg.startsWith('--kubeconfig='))?.slice('--kubeconfig='.length) ?? ''
    await writeFile(file, JSON.stringify(buildKubeconfig({ context: fullName, server: 'https://a' })))
    running -= 1
    if (fullName.startsWith('c3.')) throw new Error('no such cluster')
  }
  const job = { scratch: async () => directory, mask: () => {} }
  const names = Array.from({ length: 12 }, (_, at) => `c${at}`)
  const ends = await Promise.allSettled(
    names.map(name => {
      const cluster = { name, fullName: `${name}.k8s.example.com`, stateStore: 's3://state' }
      return exportKubeconfig({ run } as unknown as Kops, cluster, 3_600_000, job)
    }),
  )
  await rm(directory, { recursive: true })
  expect(most).toBe(4)
  expect(running).toBe(0)
  const had = ends.flatMap(end => (end.status === 'fulfilled' ? [end.value['current-context']] : []))
  expect(had).toEqual(names.filter(name => name !== 'c3'))
})
