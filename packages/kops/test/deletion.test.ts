import { expect, test } from 'vitest'
import { type Deletion, describeBlocked, readDeletion } from '../src/deletion.ts'

const lines = [
  'TYPE\tNAME\tID',
  'instance:i-1\tok',
  'subnet:subnet-1\tstill has dependencies, will retry',
  'route-table:rtb-1  still has dependencies, will retry',
  'Not all resources deleted; waiting before reattempting deletion',
  'subnet:subnet-1\tok',
]

test('what is gone is counted, and what was blocked is so until it is gone', () => {
  const known = lines.reduce<Deletion>((so, line) => readDeletion(so, line) ?? so, {
    deleted: 0,
    blocked: [],
  })
  expect(known).toEqual({ deleted: 2, blocked: ['route-table:rtb-1'] })
})

test('other lines say nothing', () =>
  expect(readDeletion({ deleted: 0, blocked: [] }, 'Deleted cluster: "x"')).toBeUndefined())

test('the blocked are told in one sentence', () => {
  expect(describeBlocked(['vpc:vpc-1', 'subnet:subnet-1'])).toBe(
    'something else still uses subnet subnet-1, vpc vpc-1',
  )
})
