import { buildKubeconfig } from '@meridian/kube'
import { expect, test } from 'vitest'
import { isKubeconfigOf } from '../src/index.ts'

const fullName = 'usa.k8s.example.com'
const config = (tlsServerName?: string, server = 'https://a') =>
  buildKubeconfig({ context: 'usa', server, tlsServerName })

test.each([
  ["kops' mark of the cluster", config(`api.internal.${fullName}`), 'usa', true],
  ["kops' mark of another cluster", config('api.internal.usa.pr-42.k8s.example.com'), 'usa', false],
  ["the name of the cluster's API", config(undefined, `https://api.${fullName}`), 'usa', true],
  ['the alias alone, of whatever cluster that is', config(), 'usa', false],
  ['another context', config(`api.internal.${fullName}`), 'eur', false],
])('a kubeconfig with %s, for one of kops', (_, given, context, expected) => {
  expect(isKubeconfigOf(given, context, { fullName, provider: 'kops' })).toBe(expected)
})

test.each([
  ['no mark', config(), true],
  ["kops' mark of another cluster", config('api.internal.usa.pr-42.k8s.example.com'), false],
])('a kubeconfig with %s, for one that somebody else made', (_, given, expected) => {
  expect(isKubeconfigOf(given, 'usa', { fullName, provider: 'existing' })).toBe(expected)
})
