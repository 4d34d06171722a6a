import { expect, test } from 'vitest'
import { type Deletion, describeBlocked, readDeletion } from '../../src/commands/parse-deletion.ts'

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

test('what AWS refuses for another reason is still there too', () =>
  expect(
    readDeletion({ deleted: 0, blocked: [] }, 'sqs:q\terror deleting resources, will retry: Rate exceeded'),
  ).toEqual({ deleted: 0, blocked: ['sqs:q'] }))

test('what blocks what is told in one sentence', () => {
  const blocked = ['vpc:vpc-1', 'subnet:subnet-1', 'internet-gateway:igw-1']
  expect(describeBlocked({ deleted: 3, blocked })).toBe(
    '3 deleted; internet-gateway igw-1, subnet subnet-1 are still used by something that kops does not list, such as the interfaces of a load balancer; vpc vpc-1 is still used by subnet subnet-1, internet-gateway igw-1',
  )
})

test('a long list is cut', () => {
  const blocked = Array.from({ length: 9 }, (_, at) => `subnet:subnet-${at}`)
  expect(describeBlocked({ deleted: 0, blocked })).toMatch(/subnet-5 and 3 more are still used by/)
})
