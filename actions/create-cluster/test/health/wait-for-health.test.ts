import type { Aws } from '@meridian/aws'
import type { Kops } from '@meridian/kops'
import { type Kube, KubeError } from '@meridian/kube'
import { expect, test, vi } from 'vitest'
import { judgeSystem } from '../../src/health/look-at-system.ts'
import { lookWithKops } from '../../src/health/wait-for-health.ts'
import type { Inputs } from '../../src/inputs.ts'

const node = (name: string, ready: boolean, labels = {}) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels },
  status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
})
const pod = (name: string, status: object, priorityClassName = 'system-cluster-critical') => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'kube-system' },
  spec: { priorityClassName },
  status,
})
const runs = { phase: 'Running', containerStatuses: [{ ready: true }] }
const both = [node('i-1', true, { 'node-role.kubernetes.io/control-plane': '' }), node('i-2', true)]

test.each([
  ['all there', both, [pod('coredns-1', runs)], ''],
  ['no node', [], [], '0 of 2 instances joined'],
  ['one node', both.slice(0, 1), [], '1 of 2 instances joined'],
  [
    'a node that is not ready',
    [node('i-1', false), node('i-2', true)],
    [],
    '2 of 2 instances joined, 1 ready',
  ],
  [
    'a pod that waits, and one whose container is not ready',
    both,
    [
      pod('coredns-7d8c9b5f4-abcde', { phase: 'Pending' }),
      pod('ebs-csi-node-abcde', { phase: 'Running', containerStatuses: [{ ready: true }, { ready: false }] }),
    ],
    '2 of 2 instances joined, waiting for pods coredns, ebs-csi-node',
  ],
  ['a pod that has ended, as jobs do', both, [pod('once', { phase: 'Succeeded' })], ''],
  ['a pod without which the cluster runs', both, [pod('web', { phase: 'Pending' }, 'high')], ''],
])('%s', (_, nodes, pods, missing) => {
  expect(judgeSystem(nodes, pods, 2)).toMatchObject({ ready: missing === '', missing })
})

/** A cluster whose API answers each look with the next of these, and a kops that finds it as `isHealthy` says. */
function lookAt(
  answers: ('silent' | 'booting' | 'whole')[],
  { count = 2, isHealthy = (): boolean => true } = {},
) {
  const words: string[] = []
  let answer = answers[0]
  const kube = {
    request: async (_method: string, path: string) => {
      if (!path.endsWith('/nodes')) return { items: [] }
      answer = answers.shift() ?? answer
      if (answer === 'silent')
        throw new KubeError('no', { status: 0, reason: 'Unreachable', server: 'https://usa' })
      return { items: answer === 'whole' ? both : [] }
    },
  } as unknown as Kube
  const kops = {
    run: async () => {
      words.push(answer ?? '')
      const isWell = answer === 'whole' && isHealthy()
      const stderr = answer === 'silent' ? 'Error: validation failed: no such host' : ''
      const stdout = answer === 'silent' ? '' : JSON.stringify({ nodes: [], failures: [] })
      return { exitCode: isWell ? 0 : 1, stdout, stderr, seconds: 1 }
    },
  } as unknown as Kops
  const inputs = { cluster: { fullName: 'usa.k8s.example.com' }, validateCount: count } as Inputs
  const signal = new AbortController().signal
  // No machine is to join, so that EC2 is not asked for the reason why none does.
  return { words, look: lookWithKops(inputs, 0, { aws: {} as Aws, kops, kube, signal }) }
}

test('kops is asked once why an API is silent, and once whether all is well', async () => {
  const { words, look } = lookAt(['silent', 'silent', 'silent', 'booting', 'booting', 'whole'])
  const seen = []
  for (let validation = await look(); ; validation = await look()) {
    seen.push(validation.missing)
    if (validation.ready) break
  }
  const silence = "the API's name is not known yet"
  expect(seen).toEqual([silence, silence, silence, '0 of 0 instances joined', '0 of 0 instances joined', ''])
  expect(words).toEqual(['silent', 'whole'])
})

test('a cluster that loses its API between two looks is not healthy', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  const { words, look } = lookAt(['whole', 'silent'], { count: 3 })
  const seen = look()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await seen).toMatchObject({ ready: false })
  expect(words).toEqual(['silent'])
  vi.useRealTimers()
})

test('what kops does not find healthy is not, and kops is asked again only after a while', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  let isHealthy = false
  const { words, look } = lookAt(['whole'], { isHealthy: () => isHealthy })
  expect(await look()).toMatchObject({ ready: false })
  isHealthy = true
  expect(await look()).toMatchObject({ ready: false })
  vi.advanceTimersByTime(6_000)
  expect(await look()).toMatchObject({ ready: true })
  expect(words).toHaveLength(2)
  vi.useRealTimers()
})
