import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** Prints how large the young generation has become after much that lives for a while, and how many functions were optimised. */
const script = (before: string) => `
  ${before}
  const { getHeapSpaceStatistics } = await import('node:v8')
  const kept = []
  for (let turn = 0; turn < 2e6; turn += 1) kept[turn % 4e4] = { turn, text: [turn] }
  const young = getHeapSpaceStatistics().find(space => space.space_name === 'new_space').space_size
  console.log(young / 2 ** 20)`

const youngMegabytes = (before = '') =>
  Number(
    execFileSync(process.execPath, ['--input-type=module', '--eval', script(before)], { encoding: 'utf8' }),
  )

test('keeps the young generation of V8 as small as it is at the start', () => {
  const file = fileURLToPath(new URL('../../src/job/save-memory.ts', import.meta.url))
  expect(youngMegabytes()).toBeGreaterThan(8)
  expect(youngMegabytes(`(await import(${JSON.stringify(file)})).saveMemory()`)).toBeLessThanOrEqual(2)
})

test('has this Node compile nothing again to make it faster', () => {
  const traced = (...flags: string[]) =>
    execFileSync(
      process.execPath,
      [
        '--trace-opt',
        '--input-type=module',
        '--eval',
        `${flags.join('\n')}
         const add = (a, b) => a + b
         let sum = 0
         for (let turn = 0; turn < 3e6; turn += 1) sum = add(sum, turn)`,
      ],
      { encoding: 'utf8' },
    )
  const file = fileURLToPath(new URL('../../src/job/save-memory.ts', import.meta.url))
  expect(traced()).toContain('completed optimizing')
  expect(traced(`(await import(${JSON.stringify(file)})).saveMemory()`)).not.toContain('completed optimizing')
})
