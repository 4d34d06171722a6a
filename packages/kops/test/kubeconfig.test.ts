import { buildKubeconfig } from '@meridian/kube'
import { expect, test } from 'vitest'
import { isKubeconfigOf } from '../src/index.ts'

const config = (tlsServerName?: string) =>
  buildKubeconfig({ context: 'usa', server: 'https://a', tlsServerName })

test.each([
  ["kops' mark of the cluster", config('api.internal.usa.k8s.example.com'), 'usa', true],
  ["kops' mark of another cluster", config('api.internal.usa.pr-42.k8s.example.com'), 'usa', false],
  ['no mark', config(), 'usa', true],
  ['another context', config(), 'eur', false],
])('a kubeconfig with %s', (_, given, context, expected) => {
  expect(isKubeconfigOf(given, context, 'usa.k8s.example.com')).toBe(expected)
})
