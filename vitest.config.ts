import { globSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { configDefaults, defineConfig } from 'vitest/config'

const include = ['{actions,packages}/*/test/**/*.test.ts', 'lab/**/*.test.ts', 'scripts/**/*.test.ts']
// A mocked module must not have been loaded before, and what a wrong clock has taught a module stays with it.
const alone = globSync(include).filter(file =>
  /vi\.mock\(|useFakeTimers|clock-skew/.test(readFileSync(file, 'utf8')),
)

// The whole story cancels runs by GitHub's own times: nothing runs beside it.
const story = ['lab/test/story.test.ts']

export default defineConfig({
  test: {
    // Not a verdict on speed: only what hangs for good gets there, on any machine.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    // Actions, the lab and the SDKs are loaded hundreds of times.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/compiled') },
    // Most tests wait for servers and child processes: more of them than cores keep the cores busy. Each takes half a GB.
    maxWorkers: Math.min(12, 3 * availableParallelism()),
    projects: [
      // Files share a worker and what it has loaded: the SDKs of AWS and Kubernetes take longer than most tests.
      {
        extends: true,
        test: {
          name: 'shared',
          include,
          exclude: [...configDefaults.exclude, ...alone, ...story],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'alone', include: alone } },
      { extends: true, test: { name: 'story', include: story, sequence: { groupOrder: 1 } } },
    ],
  },
})
