import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testJob } from '@meridian/runner/testing'
import { expect, onTestFinished, test } from 'vitest'
import { contextNames, formatKubeconfig, parseKubeconfig, shareKubeconfig } from '../../src/index.ts'

const configOf = (name: string, server = `https://${name}.example.com`) =>
  parseKubeconfig(
    formatKubeconfig({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name, cluster: { server } }],
      users: [{ name, user: { token: `token-of-${name}` } }],
      contexts: [{ name, context: { cluster: name, user: name } }],
      'current-context': name,
    }),
  )

/** The steps of one job, which share a directory. */
async function jobOf(env: Record<string, string> = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'meridian-shared-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  return { directory, step: () => testJob({ env, sharedScratch: async () => directory }) }
}

const read = async (file: string) => parseKubeconfig(await readFile(file, 'utf8'))

test('steps side by side leave one file with the contexts of all', async () => {
  const { step } = await jobOf()
  const names = Array.from({ length: 20 }, (_, at) => `c${at}`)
  const files = await Promise.all(names.map(name => shareKubeconfig(step(), configOf(name))))
  expect(new Set(files).size).toBe(1)
  expect(contextNames(await read(files[0] ?? '')).toSorted()).toEqual(names.toSorted())
})

test('a later step adds to it, and its context is current and counts above an earlier one of its name', async () => {
  const { step } = await jobOf()
  const file = await shareKubeconfig(step(), configOf('usa', 'https://old.example.com'))
  await shareKubeconfig(step(), configOf('eur'))
  await shareKubeconfig(testJob({ ...step(), env: { KUBECONFIG: file } }), configOf('usa'))
  const config = await read(file)
  expect(config['current-context']).toBe('usa')
  expect(config.clusters.find(({ name }) => name === 'usa')?.cluster.server).toBe('https://usa.example.com')
  expect(contextNames(config).toSorted()).toEqual(['eur', 'usa'])
})

test('what the job had before stays below what steps add', async () => {
  const given = join(await mkdtemp(join(tmpdir(), 'meridian-given-')), 'config')
  await writeFile(given, formatKubeconfig(configOf('mine')))
  const { step } = await jobOf({ KUBECONFIG: given })
  const first = step()
  const file = await shareKubeconfig(first, configOf('usa'))
  expect(first.variables.KUBECONFIG).toBe(file)
  const config = await read(file)
  expect([contextNames(config).toSorted(), config['current-context']]).toEqual([['mine', 'usa'], 'usa'])
})

test('nobody else can read it, or any of its parts', async () => {
  const { step, directory } = await jobOf()
  await shareKubeconfig(step(), configOf('usa'))
  const modes = (await readdir(directory)).map(async name => (await stat(join(directory, name))).mode & 0o777)
  expect(new Set(await Promise.all(modes))).toEqual(new Set([0o600]))
})
