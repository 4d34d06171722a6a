import { describe, expect, test } from 'vitest'
import { failedPull, findObstacle } from '../container-obstacle.ts'
import type { PodSpec } from '../pod-template.ts'

const none = () => false
const container = (given: object): PodSpec => ({
  containers: [{ name: 'web', image: 'nginx:1.29', ...given }],
})

describe('findObstacle', () => {
  test.each<[string, PodSpec, string | undefined, string]>([
    ['nothing', container({}), undefined, ''],
    ['a digest', container({ image: `ghcr.io/team/web@sha256:${'a'.repeat(64)}` }), undefined, ''],
    ['a registry with a port', container({ image: 'localhost:5000/team/web:v1' }), undefined, ''],
    ['two tags', container({ image: 'nginx:1:2' }), 'InvalidImageName', 'invalid reference format'],
    ['capitals', container({ image: 'Nginx' }), 'InvalidImageName', 'couldn\'t parse image name "Nginx"'],
    [
      'a missing ConfigMap in the environment',
      container({ envFrom: [{ configMapRef: { name: 'a' } }] }),
      'CreateContainerConfigError',
      'Error: configmap "a" not found',
    ],
    [
      'a missing Secret behind a variable',
      container({ env: [{ name: 'X', valueFrom: { secretKeyRef: { name: 'b', key: 'k' } } }] }),
      'CreateContainerConfigError',
      'Error: secret "b" not found',
    ],
    [
      'an optional one',
      container({ envFrom: [{ configMapRef: { name: 'a', optional: true } }] }),
      undefined,
      '',
    ],
    [
      'a missing volume',
      { ...container({}), volumes: [{ name: 'cert', secret: { secretName: 'c' } } as never] },
      'ContainerCreating',
      'MountVolume.SetUp failed for volume "cert" : secret "c" not found',
    ],
  ])('%s', (_case, spec, waiting, message) => {
    const obstacle = findObstacle(spec, none)
    expect(obstacle?.waiting).toBe(waiting)
    expect(obstacle?.eventMessage ?? '').toContain(message)
  })

  test('finds nothing in the way once the objects exist', () => {
    expect(
      findObstacle(container({ envFrom: [{ configMapRef: { name: 'a' } }] }), () => true),
    ).toBeUndefined()
  })
})

test('a refused pull is an error first and then a back-off', () => {
  expect([failedPull('x', false).waiting, failedPull('x', true).waiting]).toEqual([
    'ErrImagePull',
    'ImagePullBackOff',
  ])
})
