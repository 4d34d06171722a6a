import { compareCluster, type SavedCluster } from '@meridian/kops'
import { describe, expect, test } from 'vitest'
import { findOthers } from '../../src/health/check-upgraded.ts'
import type { Update } from '../../src/plan/plan.ts'
import { describeUpgrade, minutesOf, planUpgrade, withUpgrade } from '../../src/plan/plan-upgrade.ts'

const group = { size: 't3.medium', image: 'ami-1', zones: ['us-east-1a'] }
const saved: SavedCluster = {
  zones: ['us-east-1a'],
  kubernetesVersion: '1.35.7',
  networking: 'cilium',
  topology: 'public',
  dns: 'none',
  apiAccess: [],
  sshAccess: [],
  channel: 'stable',
  permissionsBoundary: '',
  labels: {},
  groups: [
    { ...group, name: 'nodes-us-east-1a', role: 'node', min: 3, max: 3 },
    { ...group, name: 'control-plane-us-east-1a', role: 'control-plane', min: 1, max: 1 },
  ],
}
const range = { kops: '1.36.2' }
const plan = (asked = {}, given: Partial<Update> = {}): Update => ({
  kind: 'update',
  unfinished: false,
  differences: compareCluster(saved, asked, range),
  resizes: [],
  apiAccess: undefined,
  pending: [],
  ...given,
})
const [controlPlane, nodes] = ['control-plane-us-east-1a', 'nodes-us-east-1a']

describe('what is replaced', () => {
  test.each<[string, Update, { group: string; machines: number }[], string[]]>([
    ['nothing for a cluster that is as wanted', plan({ kubernetesVersion: '1.35.7' }), [], []],
    ['all machines for another version', plan({ kubernetesVersion: '1.36.1' }), [], [controlPlane, nodes]],
    ['nodes for another size of theirs', plan({ nodeSize: 't3.large' }), [], [nodes]],
    [
      'a control plane for another size of its own',
      plan({ controlPlaneSize: 't3.large' }),
      [],
      [controlPlane],
    ],
    ['all machines for another image', plan({ image: 'ami-2' }), [], [controlPlane, nodes]],
    ['what an earlier run has not come to', plan(), [{ group: nodes, machines: 1 }], [nodes]],
    ['perhaps all after a run that was cut short', plan({}, { unfinished: true }), [], [controlPlane, nodes]],
    [
      'what others have saved and this run applies',
      plan({}, { pending: [`modify LaunchTemplate/${nodes}.usa.example.com`] }),
      [],
      [nodes],
    ],
    ['nothing for other networks of the API', plan({ apiAccess: ['192.0.2.0/24'] }), [], []],
  ])('%s', (_, update, due, groups) => {
    expect(planUpgrade(update, saved, due).replaces.map(each => each.group)).toEqual(groups)
  })

  test('control planes go first, each machine after the other', () => {
    const upgrade = planUpgrade(plan({ kubernetesVersion: '1.36.1' }), saved, [])
    expect(describeUpgrade(upgrade)).toBe(
      'control-plane-us-east-1a (1 machine, about 6m), then nodes-us-east-1a (3 machines, about 21m)',
    )
    expect(minutesOf(upgrade)).toBe(27)
  })

  test('what is saved for it is the version, and the type or image of the groups that have another', () => {
    const { version, edits } = planUpgrade(
      plan({ kubernetesVersion: '1.36.1', nodeSize: 't3.large' }),
      saved,
      [],
    )
    expect(version).toBe('1.36.1')
    expect(edits).toEqual([{ group: nodes, field: 'machineType', value: 't3.large' }])
  })
})

describe('an upgrade', () => {
  const wanted = plan({ kubernetesVersion: '1.36.1' })

  test('is refused before it begins where the time would not suffice', () => {
    expect(withUpgrade(wanted, saved, [], 20 * 60_000)).toMatchObject({
      kind: 'refuse',
      input: 'timeout',
      fix: expect.stringContaining('Set timeout to 41m or more'),
    })
    expect(withUpgrade(wanted, saved, [], 30 * 60_000)).toMatchObject({ kind: 'update', upgrade: {} })
  })

  test('is none where there is nothing to do', () => {
    expect(withUpgrade(plan(), saved, [], 0)).toEqual(plan())
  })
})

test('what runs another version afterwards is named', () => {
  const found = [
    { name: 'the API server', version: 'v1.36.1' },
    { name: 'node i-1', version: 'v1.35.7' },
  ]
  expect(findOthers('1.36.1', found)).toEqual(['node i-1 runs v1.35.7'])
})
