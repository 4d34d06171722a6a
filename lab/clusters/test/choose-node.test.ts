import type { KubeObject } from '@meridian/lab-kube-api'
import { describe, expect, test } from 'vitest'
import { chooseNode } from '../choose-node.ts'
import type { PodSpec } from '../pod-template.ts'
import { parseQuantity, roomFor } from '../quantity.ts'

type Given = { ready?: boolean; taints?: object[]; labels?: Record<string, string>; cpu?: string }

function node(name: string, { ready = true, taints = [], labels = {}, cpu = '2' }: Given = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels },
    spec: { taints },
    status: {
      allocatable: { cpu, memory: '4Gi', pods: '10' },
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    },
  }
}

function pod(nodeName: string, cpu = '0'): KubeObject {
  const containers = [{ name: 'c', resources: { requests: { cpu } } }]
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { nodeName, containers } }
}

const taint = { key: 'dedicated', effect: 'NoSchedule' }

describe('chooseNode', () => {
  test('prefers the node with more free places', () => {
    const choice = chooseNode({}, [node('a'), node('b')], [pod('a')])
    expect(choice).toMatchObject({ node: { metadata: { name: 'b' } } })
  })

  test.each<[string, PodSpec, KubeObject, string]>([
    [
      'one that is not ready',
      {},
      node('a', { ready: false }),
      'untolerated taint {node.kubernetes.io/not-ready: }',
    ],
    ['a taint', {}, node('a', { taints: [taint] }), 'untolerated taint {dedicated: }'],
    [
      'the wrong labels',
      { nodeSelector: { zone: 'x' } },
      node('a'),
      "didn't match Pod's node affinity/selector",
    ],
    ['too little processor', pod('', '3').spec as PodSpec, node('a'), '1 Insufficient cpu'],
  ])('refuses %s', (_case, spec, only, message) => {
    const choice = chooseNode(spec, [only], [])
    expect('refusal' in choice && choice.refusal).toContain(message)
  })

  test('takes a taint that the pod tolerates', () => {
    const choice = chooseNode({ tolerations: [{ operator: 'Exists' }] }, [node('a', { taints: [taint] })], [])
    expect(choice).toMatchObject({ node: { metadata: { name: 'a' } } })
  })

  test('counts what the pods of a node request already', () => {
    const choice = chooseNode(pod('', '1').spec as PodSpec, [node('a')], [pod('a', '1500m')])
    expect(choice).toEqual({ refusal: '0/1 nodes are available: 1 Insufficient cpu.' })
  })
})

test.each([
  ['100m', 0.1],
  ['2', 2],
  ['1.5', 1.5],
  ['1Ki', 1024],
  ['2Gi', 2 ** 31],
  ['1G', 1e9],
  ['nonsense', 0],
  [undefined, 0],
])('the quantity %s is %d', (text, value) => {
  expect(parseQuantity(text)).toBe(value)
})

test('room is limited by what runs out first', () => {
  const free = { cpu: 0.3, memory: 1000, pods: 50 }
  expect(roomFor(free, { cpu: 0.1, memory: 100, pods: 1 })).toBe(3)
  expect(roomFor(free, { cpu: 0, memory: 0, pods: 1 })).toBe(50)
  expect(roomFor({ ...free, cpu: -1 }, { cpu: 0.1, memory: 0, pods: 1 })).toBe(0)
})
