import { describe, expect, test } from 'vitest'
import { imageOf } from '../src/control-plane/upgrade-control-plane.ts'
import { judgeUpgrade } from '../src/index.ts'

describe('an upgrade', () => {
  test.each([
    ['1.18.2', '1.18.2', 'same'],
    ['1.18.0', '1.18.2', 'possible'],
    ['1.17.5', '1.18.0', 'possible'],
    ['1.17.5', '1.19.0', { refused: 'Karmada is upgraded one minor version at a time: first to 1.18' }],
    ['1.18.2', '2.0.0', { refused: 'Karmada is upgraded one minor version at a time: first to 1.19' }],
    ['1.18.2', '1.18.1', { refused: 'Karmada cannot be taken back to an older version' }],
    ['1.18.2', '1.17.9', { refused: 'Karmada cannot be taken back to an older version' }],
    ['1.19.0-rc.0', '1.19.0', { refused: '1.19.0-rc.0 is not a release' }],
  ])('from %s to %s is %j', (from, to, verdict) => {
    expect(judgeUpgrade(from, to)).toEqual(verdict)
  })

  test.each([
    ['docker.io/karmada/karmada-webhook:v1.18.1', 'docker.io/karmada/karmada-webhook:v1.18.2'],
    ['my.test:5000/mirror/karmada-scheduler:v1.17.0', 'my.test:5000/mirror/karmada-scheduler:v1.18.2'],
    ['registry.k8s.io/kube-apiserver:v1.35.2', undefined],
    ['registry.k8s.io/etcd:3.6.6-0', undefined],
  ])('takes %s to %s', (image, expected) => {
    expect(imageOf(image, '1.18.2')).toBe(expected)
  })

  test('does not guess the version of an image that is named by its digest', () => {
    const image = 'docker.io/karmada/karmada-webhook:v1.18.1@sha256:0123'
    expect(() => imageOf(image, '1.18.2')).toThrow('is not named by its version')
  })
})
