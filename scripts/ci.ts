// Runs every check and counts: each test is one result, and so is each check besides the tests.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repository } from './action-files.ts'

type Count = { passed: number; failed: number }
type Check = { name: string; command: string; args: string[] }

const checks: Check[] = [
  { name: 'types', command: 'tsc', args: ['--noEmit'] },
  { name: 'biome', command: 'biome', args: ['check', '--error-on-warnings'] },
  { name: 'generated documentation', command: 'node', args: ['scripts/generate-docs.ts', '--check'] },
  { name: 'dist equals a fresh build', command: 'node', args: ['scripts/check-dist.ts'] },
  { name: 'bundle budgets', command: 'node', args: ['scripts/check-budgets.ts'] },
  { name: 'actionlint', command: 'actionlint', args: [] },
  {
    name: 'zizmor',
    command: 'zizmor',
    args: ['--offline', '--no-progress', '--pedantic', '.github', 'actions'],
  },
  { name: 'the lab, end to end', command: 'npm', args: ['run', 'lab'] },
]

const results = [runTests(), ...checks.map(runCheck)]
const total = results.reduce((sum, one) => ({
  passed: sum.passed + one.passed,
  failed: sum.failed + one.failed,
}))
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 ? 0 : 1

function runTests(): Count {
  const report = join(mkdtempSync(join(tmpdir(), 'meridian-ci-')), 'tests.json')
  const status = run('tests', 'npm', [
    'test',
    '--',
    '--reporter=default',
    '--reporter=json',
    `--outputFile=${report}`,
  ])
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'))
  // A file that cannot be loaded fails the run without failing a test.
  const failed = status === 0 ? numFailedTests : Math.max(1, numFailedTests)
  return { passed: numPassedTests, failed }
}

function runCheck({ name, command, args }: Check): Count {
  const passed = run(name, command, args) === 0
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1 }
}

function run(name: string, command: string, args: string[]): number | null {
  console.log(`\n--- ${name}`)
  const started = Date.now()
  const { status, error } = spawnSync(command, args, { cwd: repository, stdio: 'inherit' })
  if (error) console.error(`${command}: ${error.message}`)
  console.log(
    `--- ${name}: ${status === 0 ? 'passed' : 'FAILED'} in ${((Date.now() - started) / 1000).toFixed(1)} s`,
  )
  return status
}
