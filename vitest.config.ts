import { globSync, readFileSync, realpathSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { configDefaults, defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const include = ['{actions,packages}/*/test/**/*.test.ts', 'lab/**/*.test.ts', 'scripts/**/*.test.ts']
// A mocked module must not have been loaded before, and what a wrong clock has taught a module stays with it.
const alone = globSync(include).filter(file =>
  /vi\.mock\(|useFakeTimers|clock-skew/.test(readFileSync(file, 'utf8')),
)

// The whole story cancels runs by GitHub's own times: nothing runs beside it.
const story = ['lab/test/story.test.ts']

// Begun late, since they have few lines, each of them would go on alone after all others have ended.
const long = [
  'lab/test/upgrade/upgrade.test.ts',
  'lab/test/kubernetes-outages.test.ts',
  'actions/deploy-federated-app/test/scenarios.test.ts',
  'lab/test/ownership/federations.test.ts',
  'lab/test/ownership/clusters.test.ts',
].map(file => realpathSync(join(import.meta.dirname, file)))

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const [first, rest] = [true, false].map(isLong =>
      sorted.filter(({ moduleId }) => long.includes(moduleId) === isLong),
    )
    return [...(first ?? []), ...(rest ?? [])]
  }
}

// What others install of the lab, held against the same contracts as its sources.
const installed = {
  itself: ['scripts/test/pack-room.test.ts'],
  contracts: ['lab/kube-api/test/contract-*.test.ts', 'lab/route53/test/contract.test.ts'],
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongFirst },
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
          exclude: [...configDefaults.exclude, ...alone, ...story, ...installed.itself],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'alone', include: alone } },
      {
        extends: true,
        test: {
          name: 'installed',
          include: [...installed.itself, ...installed.contracts],
          globalSetup: 'scripts/test/install-rooms.ts',
          isolate: false,
        },
      },
      { extends: true, test: { name: 'story', include: story, sequence: { groupOrder: 1 } } },
    ],
  },
})
