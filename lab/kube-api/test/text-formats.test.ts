import { expect, test } from 'vitest'
import { textFormats } from '../schema/text-formats.ts'

test.each([
  ['duration', '1h30m', true],
  ['duration', '3 weeks', true],
  ['duration', 'PT5M', true],
  ['duration', '1.5 hours', true],
  ['duration', '0', true],
  ['duration', '90', false],
  ['duration', '5 fortnights', false],
  ['date', '2026-02-28', true],
  ['date', '2026-02-30', false],
  ['date-time', '2026-02-30T00:00:00Z', false],
  ['date-time', '2026-02-28T24:00:00Z', false],
  ['cidr', '10.0.0.1/8', true],
  ['cidr', '10.0.0.0/33', false],
  ['cidr', '::/128', true],
  ['byte', 'aGk=', true],
  ['byte', '', false],
])('as %s the text %s is taken: %s (kube-openapi of Kubernetes 1.35)', (format, text, taken) => {
  expect(textFormats[format]?.(text)).toBe(taken)
})
