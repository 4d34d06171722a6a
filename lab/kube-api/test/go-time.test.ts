import { expect, test } from 'vitest'
import { timeProblem } from '../schema/go-time.ts'

const micro = (text: string, left: string, part: string) =>
  `parsing time "${text}" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "${left}" as "${part}"`

test.each([
  ['Time', '2026-01-01T00:00:00Z', undefined],
  ['Time', '2026-01-01T00:00:00.123Z', undefined],
  ['MicroTime', '2026-01-01T00:00:00.123456+00:00', undefined],
  ['MicroTime', '2026-01-01T00:00:00Z', micro('2026-01-01T00:00:00Z', 'Z', '.000000')],
  ['MicroTime', '2026-01-01T00:00:00.123Z', micro('2026-01-01T00:00:00.123Z', '.123Z', '.000000')],
  ['MicroTime', '2026-01-01T00:00:00.123456789Z', micro('2026-01-01T00:00:00.123456789Z', '789Z', 'Z07:00')],
] as const)('as %s of apimachinery 0.35.7 the text %s has the fault %s', (own, text, fault) => {
  expect(timeProblem(text, own)).toBe(fault)
})
