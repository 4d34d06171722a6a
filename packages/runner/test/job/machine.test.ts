import { spawnSync } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { checkMachine, homeOf } from '../../src/job/machine.ts'

test.each([
  ['linux', 'x64'],
  ['linux', 'arm64'],
  ['darwin', 'x64'],
  ['darwin', 'arm64'],
] as const)('runs on %s %s', (system, processor) => {
  expect(() => checkMachine(system, processor)).not.toThrow()
})

test.each([
  ['win32', 'x64', 'not on Windows (x64)'],
  ['linux', 'ia32', 'not on linux (ia32)'],
  ['freebsd', 'x64', 'not on freebsd (x64)'],
] as const)('says at once that it does not run on %s %s', (system, processor, said) => {
  expect(() => checkMachine(system, processor)).toThrow(said)
})

test('an action on Windows ends before it reads an input, in one annotation', () => {
  const asWindows = 'data:text/javascript,Object.defineProperty(process,"platform",{value:"win32"})'
  const entry = join(import.meta.dirname, '../fixtures/action.ts')
  const env = { PATH: process.env.PATH, INPUT_DO: 'dance' }
  const { status, stdout } = spawnSync(process.execPath, ['--import', asWindows, entry], {
    env,
    encoding: 'utf8',
  })
  expect(status).toBe(1)
  expect(stdout.match(/::error.*/g)).toEqual([
    '::error::this action runs on Linux and macOS with an x64 or arm64 processor, and not on Windows (x64)%0ASet runs-on of the job to ubuntu-24.04, or to the label of a runner of your own on Linux or macOS.',
  ])
})

// A number that no system gives: only root can run something as its user.
const nobody = 54_321
const isRoot = process.getuid?.() === 0

test.skipIf(!isRoot)(
  `an action of a user without name has a home to give to tools${isRoot ? '' : ' (skipped: not root)'}`,
  () => {
    const temp = mkdtempSync(join(tmpdir(), 'meridian-nobody-'))
    onTestFinished(() => rmSync(temp, { recursive: true }))
    chownSync(temp, nobody, nobody)
    const entry = join(import.meta.dirname, '../fixtures/action.ts')
    const env = { PATH: process.env.PATH, RUNNER_TEMP: temp, INPUT_DO: 'home' }
    const as = { env, uid: nobody, gid: nobody, encoding: 'utf8' } as const
    const { status, stdout, stderr } = spawnSync(process.execPath, [entry], as)
    expect([status, stdout], stderr).toEqual([0, expect.stringContaining(`home is ${temp}`)])
  },
)

test('the home is HOME, else what the system knows, else the temporary directory', () => {
  const unknown = () => {
    throw new Error('uv_os_homedir returned ENOENT')
  }
  expect(homeOf({ HOME: '/home/me' }, '/tmp/x', unknown)).toBe('/home/me')
  expect(homeOf({}, '/tmp/x', () => '/home/runner')).toBe('/home/runner')
  expect(homeOf({ HOME: '' }, '/tmp/x', unknown)).toBe('/tmp/x')
})
