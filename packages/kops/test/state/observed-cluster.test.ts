import { expect, test } from 'vitest'
import { absentCluster, isReadable, isTooNew, type ObservedCluster } from '../../src/index.ts'

const both = ['control-plane-us-east-1a', 'nodes-us-east-1a']
const whole: ObservedCluster = {
  config: { region: 'us-east-1', labels: {} },
  instanceGroups: both,
  completed: true,
  kopsVersion: '1.36.2',
}

test.each<[string, boolean, ObservedCluster]>([
  ['whole', true, whole],
  [
    'of the old name of its control plane',
    true,
    { ...whole, instanceGroups: ['master-us-east-1a', 'nodes'] },
  ],
  ['of a kops that stored no finished spec', true, { ...whole, completed: false }],
  ['changed by an older kops', true, { ...whole, kopsVersion: '1.35.9' }],
  ['changed by a newer kops', false, { ...whole, kopsVersion: '1.36.10' }],
  ['without instance groups', false, { ...whole, instanceGroups: [] }],
  ['without its nodes', false, { ...whole, instanceGroups: both.slice(0, 1) }],
  ['absent', false, absentCluster],
])('a cluster that is %s is readable: %s', (_, readable, observed) =>
  expect(isReadable(observed, '1.36.2')).toBe(readable),
)

test('only a newer kops than ours makes it too new', () => {
  expect(isTooNew(whole, '1.36.2')).toBe(false)
  expect(isTooNew({ ...whole, kopsVersion: '1.37.0' }, '1.36.2')).toBe(true)
})
