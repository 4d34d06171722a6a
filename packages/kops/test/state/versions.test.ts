import { expect, test } from 'vitest'
import {
  checkKubernetesVersion,
  defaultKopsVersion,
  defaultKubernetesVersion,
  refuseUpgrade,
} from '../../src/index.ts'

test('the default versions fit', () =>
  expect(checkKubernetesVersion(defaultKubernetesVersion, defaultKopsVersion)).toBeUndefined())

test.each([
  ['1.31.0', true],
  ['1.36.9', true],
  ['1.30.9', false],
  ['1.37.0', false],
  ['1.35', false],
  ['2.0.0', false],
])('kops 1.36.2 and Kubernetes %s: %s', (version, fits) => {
  expect(checkKubernetesVersion(version, '1.36.2') === undefined).toBe(fits)
})

test.each<[string, string, string | undefined, string | undefined]>([
  ['1.35.7', '1.35.9', undefined, undefined],
  ['1.35.7', '1.36.1', undefined, undefined],
  ['1.35.7', '1.35.6', undefined, 'Kubernetes does not go back to an earlier version'],
  ['1.35.7', '1.34.9', undefined, 'Kubernetes does not go back to an earlier version'],
  ['1.34.2', '1.36.1', undefined, 'Kubernetes is upgraded one minor version at a time: first to 1.35'],
  [
    '1.36.1',
    '1.37.0',
    undefined,
    'it is not a version that kops 1.36.2 can run: it takes Kubernetes 1.31 to 1.36',
  ],
  [
    '1.35.7',
    '1.36.1',
    '1.18.2',
    'Karmada 1.18.2 is tested with Kubernetes 1.26 to 1.35: upgrade Karmada first',
  ],
  ['1.35.7', '1.36.1', '1.19.0', undefined],
  ['1.34.2', '1.35.7', '1.18.2', undefined],
  ['1.35.7', '1.36.1', '9.9.9', undefined],
  ['', '1.36.1', undefined, "'' is not a release"],
])('from Kubernetes %s to %s, in a federation of Karmada %s: %s', (from, to, karmada, refusal) => {
  expect(refuseUpgrade(from, to, { kops: '1.36.2', karmada })).toBe(refusal)
})
