import { expect, test } from 'vitest'
import { findMissing, judgeVersion } from '../../src/existing/wait-for-eks-upgrade.ts'

const node = (name: string, kubeletVersion: string) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  status: { nodeInfo: { kubeletVersion } },
})

test.each([
  ['all of it', { version: '1.36', status: 'ACTIVE' }, ['v1.36.2-eks-b3126f4'], []],
  ['while EKS works', { version: '1.35', status: 'UPDATING' }, [], ['EKS runs 1.35', 'EKS says UPDATING']],
  [
    'nodes of before',
    { version: '1.36', status: 'ACTIVE' },
    ['v1.36.2-eks-b3126f4', 'v1.35.2-eks-b3126f4'],
    ['node n1 runs v1.35.2-eks-b3126f4'],
  ],
])('%s', (_, eks, kubelets, missing) =>
  expect(
    findMissing(
      '1.36',
      eks,
      kubelets.map((version, at) => node(`n${at}`, version)),
    ),
  ).toEqual(missing),
)

test.each([
  ['1.35', '1.35.9', undefined, undefined],
  ['1.35', '1.36.1', undefined, undefined],
  ['1.35', '1.34.2', undefined, 'does not go back'],
  ['1.35', '1.37.0', undefined, 'one minor version at a time: first to 1.36'],
  ['1.35', '1.36.1', '1.18.2', 'upgrade Karmada first'],
])('from %s to %s with Karmada %s: %s', (from, to, karmada, refusal) => {
  const said = judgeVersion(from, to, karmada)
  if (refusal === undefined) expect(said).toBeUndefined()
  else expect(said).toContain(refusal)
})
