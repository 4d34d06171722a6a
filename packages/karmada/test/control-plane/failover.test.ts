import { KubeError } from '@meridian/kube'
import { expect, test } from 'vitest'
import { describeFailover, tellFailover } from '../../src/index.ts'

const flags = [
  '--feature-gates=CustomizedClusterResourceModeling=true,Failover=true',
  '--enable-no-execute-taint-eviction=true',
]

test.each([
  ['on with all three', flags, true, "Karmada's failover is on"],
  [
    'off by default',
    [],
    false,
    'it lacks the feature gate Failover, --enable-no-execute-taint-eviction, a ClusterTaintPolicy',
  ],
  ['off without a policy', flags, false, 'it lacks a ClusterTaintPolicy with a NoExecute taint'],
  [
    'off with the gate turned off',
    ['--feature-gates=Failover=false', ...flags.slice(1)],
    true,
    'it lacks the feature gate',
  ],
  ['perhaps on where the host is not seen', undefined, true, 'cannot be seen from here'],
  ['off without a policy wherever one looks', undefined, false, "Karmada's failover is off"],
])('Karmada’s failover is %s', (_, given, evicts, words) => {
  expect(describeFailover({ flags: given, evicts })).toContain(words)
})

test('what may not be read is said, and no failure', async () => {
  const list = async () => {
    throw new KubeError('forbidden', { status: 403, reason: 'Forbidden', server: 'fed' })
  }
  expect(await tellFailover({ list } as never)).toContain('could not be read: forbidden')
})

test('a Karmada without the kind has no policy of it', async () => {
  const list = async () => {
    throw new KubeError('no such kind', { status: 404, reason: 'UnknownKind', server: 'fed' })
  }
  expect(await tellFailover({ list } as never)).toContain('is off')
})
