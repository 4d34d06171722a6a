// Runs every check and counts: each test is one result, and so is each check besides the tests.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { repository } from './action-files.ts'

type Count = { passed: number; failures: string[] }
type Report = {
  numPassedTests: number
  testResults: {
    name: string
    status: string
    message: string
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[]
  }[]
}
type Check = { name: string; command: string; args: string[] }

const scratch = mkdtempSync(join(tmpdir(), 'meridian-ci-'))

const checks: Check[] = [
  { name: 'types', command: 'tsc', args: ['--noEmit'] },
  { name: 'biome', command: 'biome', args: ['check', '--error-on-warnings'] },
  { name: 'a docstring on every public function', command: 'oxlint', args: [] },
  { name: 'nothing unused, nothing undeclared', command: 'knip', args: ['--no-progress'] },
  {
    name: 'arrows between modules',
    command: 'depcruise',
    args: ['actions', 'packages', 'lab', 'scripts'],
  },
  { name: 'generated documentation', command: 'node', args: ['scripts/generate-docs.ts', '--check'] },
  { name: 'dist equals a fresh build', command: 'node', args: ['scripts/check-dist.ts'] },
  { name: 'bundle budgets', command: 'node', args: ['scripts/check-budgets.ts'] },
  { name: 'actionlint', command: 'actionlint', args: [] },
  {
    name: 'zizmor',
    command: 'zizmor',
    args: ['--offline', '--no-progress', '--pedantic', '.github', 'actions'],
  },
  { name: 'cfn-lint', command: 'cfn-lint', args: ['infra/cloudformation.yaml'] },
  {
    name: 'syntax of the Terraform module',
    command: 'hcl2tojson',
    args: ['--quiet', `--output=${scratch}`, 'infra/terraform'],
  },
  { name: 'the lab, end to end', command: 'npm', args: ['run', 'lab'] },
]

const results = [runTests(), ...checks.map(runCheck)]
const passed = results.reduce((sum, one) => sum + one.passed, 0)
const failures = results.flatMap(one => one.failures)
// Last, since only the end of a long log may be kept.
for (const failure of failures) console.log(`FAILED ${failure}`)
console.log(`${passed} passed, ${failures.length} failed`)
process.exitCode = failures.length === 0 ? 0 : 1

function runTests(): Count {
  const report = join(scratch, 'tests.json')
  const status = run('tests', 'npm', [
    'test',
    '--',
    '--reporter=default',
    '--reporter=json',
    `--outputFile=${report}`,
  ])
  const { numPassedTests, testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report
  const failures = testResults.flatMap(describeFailures)
  if (status !== 0 && failures.length === 0) failures.push(`tests: exit code ${status}`)
  return { passed: numPassedTests, failures }
}

/** A file that cannot be loaded fails without a test that does. */
function describeFailures({ name, status, message, assertionResults }: Report['testResults'][number]) {
  const failed = assertionResults.filter(test => test.status === 'failed')
  const file = relative(repository, name)
  if (status === 'failed' && failed.length === 0) return [`${file}: ${message}`]
  return failed.map(test => `${file}: ${test.fullName}\n${test.failureMessages.join('\n').slice(0, 1_500)}`)
}

function runCheck({ name, command, args }: Check): Count {
  const passed = run(name, command, args) === 0
  return { passed: Number(passed), failures: passed ? [] : [name] }
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
