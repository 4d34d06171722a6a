import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testJob } from '@meridian/runner/testing'
import { expect, onTestFinished, test } from 'vitest'
import { pullRequestInputs, pullRequestOf } from '../src/index.ts'

/** A run of o/r that was started by an event with this payload. */
function jobOf(payload: unknown, ref = 'refs/heads/main') {
  const directory = mkdtempSync(join(tmpdir(), 'meridian-event-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'event.json')
  writeFileSync(path, typeof payload === 'string' ? payload : JSON.stringify(payload))
  return testJob({ env: { GITHUB_EVENT_PATH: path, GITHUB_REF: ref } })
}

test.each([
  ['pull_request', { pull_request: { number: 7 } }, 'refs/pull/7/merge', 7],
  ['pull_request_target, whose ref is the base', { pull_request: { number: 7 } }, 'refs/heads/main', 7],
  ['a comment on a pull request', { issue: { number: 7, pull_request: {} } }, 'refs/heads/main', 7],
  ['a comment on an issue', { issue: { number: 7 } }, 'refs/heads/main', undefined],
  ['push', { ref: 'refs/heads/main' }, 'refs/heads/main', undefined],
  ['a payload that cannot be read, beside a ref', '{', 'refs/pull/7/merge', 7],
  ['a number that is none', { pull_request: { number: '7; rm' } }, 'refs/heads/main', undefined],
])('comes from the event: %s', (_, payload, ref, number) => {
  expect(pullRequestOf({}, jobOf(payload, ref))).toBe(number)
})

test('comes from the input where the event has none', () => {
  expect(pullRequestOf({ pullRequest: 9 }, jobOf({}))).toBe(9)
  expect(pullRequestOf({ pullRequest: 9 }, testJob())).toBe(9)
})

test('is refused where event and input differ', () => {
  const job = jobOf({ pull_request: { number: 7 } })
  expect(pullRequestOf({ pullRequest: 7 }, job)).toBe(7)
  expect(() => pullRequestOf({ pullRequest: 9 }, job)).toThrow(
    'this run belongs to pull request 7, and not to 9',
  )
})

test('of another repository than the run acts for is none of its pull requests', () => {
  const job = jobOf({ pull_request: { number: 7 } })
  expect(pullRequestOf({ repository: 'acme/platform' }, job)).toBeUndefined()
  expect(pullRequestOf({ repository: 'acme/platform', pullRequest: 9 }, job)).toBe(9)
  expect(pullRequestOf({ repository: 'O/R' }, job)).toBe(7)
})

test.each(['0', '-1', '1.5', '#7', '99999999999', 'main'])('is a number, and not %s', raw => {
  expect(() => pullRequestInputs['pull-request'](raw)).toThrow('must be a whole number from 1 to')
})
