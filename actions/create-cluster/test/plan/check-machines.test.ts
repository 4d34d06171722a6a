import { expect, test } from 'vitest'
import { judgeMachines } from '../../src/plan/check-machines.ts'

const offered = new Map([
  ['t3.medium', ['us-east-1a', 'us-east-1b']],
  ['t2.medium', ['us-east-1a', 'us-east-1b', 'us-east-1e']],
  ['t3.medum', []],
])
const judge = (master: string, node: string, ...zones: string[]) =>
  judgeMachines({ 'control-plane-size': master, 'node-size': node }, { region: 'us-east-1', zones }, offered)

test('machines that every zone offers are fine', () => {
  expect(judge('t3.medium', 't2.medium', 'us-east-1a', 'us-east-1b')).toBeUndefined()
})

test('a type that the region does not have is refused by its input', () => {
  expect(judge('t3.medium', 't3.medum', 'us-east-1a')).toMatchObject({
    kind: 'refuse',
    reason: "EC2 offers no machine of type 't3.medum' in us-east-1",
    fix: 'Correct node-size: it must be an EC2 instance type that the region has, such as t3.medium. Nothing has been changed.',
    input: 'node-size',
  })
})

test('a zone without the type is named, with those that have it', () => {
  expect(judge('t3.medium', 't2.medium', 'us-east-1a', 'us-east-1e')).toMatchObject({
    reason: "EC2 offers no machine of type 't3.medium' in us-east-1e",
    fix: 'Choose zones of us-east-1a, us-east-1b, or another control-plane-size. Nothing has been changed.',
    input: 'control-plane-size',
  })
})
