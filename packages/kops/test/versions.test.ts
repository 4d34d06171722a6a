import { expect, test } from 'vitest'
import { checkKubernetesVersion, defaultKopsVersion, defaultKubernetesVersion } from '../src/index.ts'

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
