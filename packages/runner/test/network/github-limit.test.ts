import { expect, test } from 'vitest'
import { githubLimitWait, isGithubLimit } from '../../src/network/github-limit.ts'

const secondary = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'

test.each([
  ['429', 429, {}, 'Too many requests', true],
  ['a text that names a limit', 403, {}, secondary, true],
  ['a time to come back', 403, { 'retry-after': '60' }, 'Forbidden', true],
  ['an hour that is used up', 403, { 'x-ratelimit-remaining': '0' }, 'Forbidden', true],
  ['a token that lacks a permission', 403, {}, 'Resource not accessible by integration', false],
  ['what is not there', 404, { 'x-ratelimit-remaining': '0' }, 'Not Found', false],
])('%s is told from others', (_, status, headers, message, isLimit) => {
  expect(isGithubLimit({ status, headers, message })).toBe(isLimit)
})

const now = 1_800_000_000_000
const spent = (reset: string) => ({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset })

test.each([
  ['the time that it names', { 'retry-after': '7' }, 3, 7_000],
  ['the time that it names, before any other', { 'retry-after': '7', ...spent('1800000030') }, 1, 7_000],
  ['until the hour is over', spent('1800000030'), 1, 30_000],
  ['not at all where it is over', spent('1799999999'), 1, 0],
  ['a minute, where it names none', {}, 1, 60_000],
  ['twice as long each time', {}, 3, 240_000],
  ['a minute, where the time cannot be read', { 'retry-after': 'soon' }, 1, 60_000],
])('GitHub is left alone: %s', (_, headers, attempt, wait) => {
  expect(githubLimitWait({ status: 403, headers, message: secondary }, attempt, now)).toBe(wait)
})
