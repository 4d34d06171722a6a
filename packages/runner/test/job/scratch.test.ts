import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { makeSharedScratch, removeScratch } from '../../src/job/scratch.ts'

let temp = ''
const stateFile = () => join(temp, 'state')

beforeEach(() => {
  temp = mkdtempSync(join(tmpdir(), 'meridian-scratch-'))
  writeFileSync(stateFile(), '')
  vi.stubEnv('GITHUB_STATE', stateFile())
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(temp, { recursive: true })
})

/** What each step has saved, in the order of the steps. */
const states = () =>
  [...readFileSync(stateFile(), 'utf8').matchAll(/meridian-shared<<(\S+)\n(.*)\n/g)].map(
    ([, , state = '']) => state,
  )

test('steps side by side share one private directory, which the first post step removes', async () => {
  const [one, other] = await Promise.all([makeSharedScratch(temp), makeSharedScratch(temp)])
  expect(one).toBe(other)
  const [first = '', second = ''] = states()
  await removeScratch(first, temp)
  expect(existsSync(one)).toBe(false)
  await removeScratch(second, temp)
})

test.each([
  ['others can look into', (path: string) => mkdirSync(path, { mode: 0o755 })],
  ['is a link to somewhere else', (path: string) => symlinkSync(temp, path)],
  ['is a file', (path: string) => writeFileSync(path, '')],
])('a directory that %s is refused', async (_, make) => {
  const path = join(temp, 'meridian-shared')
  make(path)
  await expect(makeSharedScratch(temp)).rejects.toThrow('is not a private directory of this user')
  expect(states()).toEqual([])
})
