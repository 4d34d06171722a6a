import { globSync, readFileSync } from 'node:fs'
import { configDefaults, defineConfig } from 'vitest/config'

const include = ['{actions,packages}/*/test/**/*.test.ts', 'lab/**/*.test.ts', 'scripts/**/*.test.ts']
const mocking = globSync(include).filter(file => readFileSync(file, 'utf8').includes('vi.mock('))

export default defineConfig({
  test: {
    // Not a verdict on speed: only what hangs for good gets there, on any machine.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    // Most tests wait for servers and child processes: more of them than cores keep the cores busy.
    maxWorkers: 3,
    projects: [
      // Files share a worker and what it has loaded: the SDKs of AWS and Kubernetes take longer than most tests.
      {
        extends: true,
        test: { name: 'shared', include, exclude: [...configDefaults.exclude, ...mocking], isolate: false },
      },
      // A mocked module must not have been loaded before.
      { extends: true, test: { name: 'mocking', include: mocking, sequence: { groupOrder: 1 } } },
    ],
  },
})
