import type { KubeObject } from '@meridian/kube'
import { describe, expect, test } from 'vitest'
import { createImageFailureFinder } from '../../src/status/find-image-failures.ts'
import { describePod, imageFault, type Pod } from '../../src/status/pods.ts'
import type { TemplateStatus } from '../../src/status/template-status.ts'

describe('a pod', () => {
  const pod = (phase: string, ...containerStatuses: object[]) =>
    describePod({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      status: { phase, containerStatuses: containerStatuses.map(each => ({ name: 'c', ...each })) },
    })
  const killed = { terminated: { exitCode: 137, reason: 'OOMKilled' } }

  test.each<[string, string[], string[]]>([
    ['that runs', pod('Running', { state: {} }), []],
    ['that has done its work', pod('Succeeded', { state: { terminated: { exitCode: 0 } } }), []],
    [
      'that failed',
      pod('Failed', { state: { terminated: { exitCode: 1, reason: 'Error' } } }),
      ['pod p (Failed): c ended with exit code 1'],
    ],
    [
      'that ends again and again',
      pod('Running', {
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s' } },
        lastState: killed,
      }),
      ['pod p (Running): c CrashLoopBackOff: back-off 40s (ended with exit code 137, OOMKilled)'],
    ],
  ])('%s', (_, said, expected) => {
    expect(said).toEqual(expected)
  })
})

const waiting = (reason: string, message = '', name = 'web-6d4cf56db6-x2zk4'): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  status: { phase: 'Pending', containerStatuses: [{ name: 'c', state: { waiting: { reason, message } } }] },
})

describe('an image', () => {
  test.each([
    ['InvalidImageName', "couldn't parse image name"],
    ['ErrImageNeverPull', 'not present with pull policy of Never'],
    ['ErrImagePull', 'rpc error: code = NotFound desc = ghcr.io/me/web:2: not found'],
    ['ImagePullBackOff', 'Back-off pulling image "web:2": ErrImagePull: manifest unknown'],
    ['ErrImagePull', 'pull access denied, repository does not exist or may require authorization'],
    ['ErrImagePull', 'failed to authorize: 403 Forbidden'],
  ])('does not come by itself: %s %s', (reason, message) => {
    expect(imageFault(waiting(reason, message))).toBe(`container c: ${reason}: ${message}`)
  })

  test.each([
    ['ErrImagePull', 'failed to pull and unpack image "web:1": 429 Too Many Requests'],
    ['ImagePullBackOff', 'Back-off pulling image "web:1": dial tcp: i/o timeout'],
    ['ContainerCreating', ''],
    ['CrashLoopBackOff', 'back-off 40s: file not found'],
  ])('may still come: %s %s', (reason, message) => {
    expect(imageFault(waiting(reason, message))).toBeUndefined()
  })
})

test('images are looked for where something has not arrived, once nothing moves', async () => {
  const asked: string[] = []
  const request = async (_: string, path: string) => {
    asked.push(path)
    return { items: [waiting('ErrImagePull', 'not found'), waiting('ErrImagePull', 'not found', 'other-0')] }
  }
  const look = createImageFailureFinder({ request: request as never })
  const region = (cluster: string, reason: string) => ({
    cluster,
    reason,
    replicas: 1,
    ready: 0,
    healthy: false,
    hostname: undefined,
  })
  const statusOf = (kind: string): TemplateStatus => ({
    template: { apiVersion: 'v1', kind, metadata: { name: 'web', namespace: 'shop' } } as KubeObject,
    status: {
      done: false,
      reason: '',
      unbalanced: false,
      missed: [],
      regions: [region('usa', ''), region('eur', '0/1')],
    },
  })
  const statuses = [statusOf('Deployment'), statusOf('Service')]
  expect(await look(statuses, 'a', 1_000)).toEqual([])
  expect(await look(statuses, 'b', 29_000)).toEqual([])
  expect(await look(statuses, 'b', 58_000)).toEqual([])
  expect(asked).toEqual([])
  const found = [
    {
      lasting: 'image',
      object: 'Deployment shop/web',
      cluster: 'eur',
      reason: 'container c: ErrImagePull: not found',
    },
  ]
  for (const second of [60, 61, 89]) expect(await look(statuses, 'b', second * 1000)).toEqual(found)
  expect(asked).toEqual(['/apis/cluster.karmada.io/v1alpha1/clusters/eur/proxy/api/v1/namespaces/shop/pods'])
  expect(await look(statuses, 'c', 90_000)).toEqual([])
})
