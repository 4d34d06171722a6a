import { expect, test } from 'vitest'
import { type ObservedCluster, planCluster } from '../src/index.ts'

const both = ['control-plane-us-east-1a', 'nodes-us-east-1a']

test.each<[string, ObservedCluster, string]>([
  ['absent', { config: false, instanceGroups: [], completed: false }, 'create'],
  ['whole', { config: true, instanceGroups: both, completed: true }, 'update'],
  ['killed in its first update', { config: true, instanceGroups: both, completed: false }, 'update'],
  ['killed after its config', { config: true, instanceGroups: [], completed: false }, 'recreate'],
  [
    'killed after the first instance group',
    { config: true, instanceGroups: both.slice(0, 1), completed: false },
    'recreate',
  ],
  ['robbed of its instance groups', { config: true, instanceGroups: [], completed: true }, 'refuse'],
])('a cluster that is %s: %#', (_, observed, expected) => expect(planCluster(observed).kind).toBe(expected))
