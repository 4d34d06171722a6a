import { expect, test } from 'vitest'
import { describeSeen, isFree, type LeaseRecord, parseRecord, type SeenLease } from '../src/lease-record.ts'

const record: LeaseRecord = {
  token: 't',
  action: 'create-cluster',
  run: 'https://github.com/o/r/actions/runs/1',
  attempt: 1,
  since: '2026-11-26T02:00:00Z',
  milliseconds: 300_000,
  renewals: 3,
  released: false,
  mark: '',
}
const at = Date.parse('2026-11-26T02:05:00Z')
const seen = (after: number, given: Partial<LeaseRecord> = {}): SeenLease => ({
  record: { ...record, ...given },
  etag: '"e"',
  writtenAt: at,
  readAt: at + after,
})
const other = { run: 'https://github.com/o/r/actions/runs/2', attempt: 1 }

test.each<[string, boolean, SeenLease, Pick<LeaseRecord, 'run' | 'attempt'>]>([
  ['just written', false, seen(0), other],
  ['at its end', false, seen(300_000), other],
  ['past its end', true, seen(302_000), other],
  ['given back', true, seen(0, { released: true }), other],
  ['of an earlier attempt of the same run', true, seen(0), { ...record, attempt: 2 }],
  ['of the same attempt', false, seen(0), record],
  ['of an earlier attempt of another run', false, seen(0), { ...other, attempt: 2 }],
  ['of a run outside GitHub', false, seen(0, { run: '' }), { run: '', attempt: 2 }],
])('a lease %s is free: %s', (_, free, lease, by) => {
  expect(isFree(lease, by)).toBe(free)
})

test('a holder is named with its run, its beginning and its end', () => {
  expect(describeSeen(seen(60_000, { attempt: 2 }))).toBe(
    'create-cluster of https://github.com/o/r/actions/runs/1 (attempt 2) since 2026-11-26T02:00:00Z, until 2026-11-26T02:10:00Z unless renewed',
  )
})

test.each(['', 'null', '[1]', '{"action": 7}'])('%j is a nameless holder that ends too', text => {
  expect(parseRecord(text, 300_000)).toMatchObject({ action: 'an unknown holder', milliseconds: 300_000 })
})
