import { listAt, textAt } from '@meridian/lab-world/json'
import { describe, expect, test } from 'vitest'
import { describeDuration } from '../duration.ts'
import { tableOf } from '../http/table.ts'
import { coreKinds } from '../kinds/index.ts'
import type { KubeObject } from '../objects.ts'

const born = '2026-01-01T00:00:00Z'
const now = Date.parse('2026-01-01T00:05:00Z')

function row(
  kindName: string,
  object: { metadata?: object; [field: string]: unknown },
  wide = false,
): Record<string, unknown> {
  const kind = coreKinds.find(each => each.kind === kindName)
  if (!kind) throw new Error(`no kind ${kindName}`)
  const metadata = { name: 'x', creationTimestamp: born, ...object.metadata }
  const whole = { apiVersion: 'v1', kind: kindName, ...object, metadata } as KubeObject
  const table = tableOf(kind, [whole], { meta: { resourceVersion: '1' }, now })
  const cells = listAt(table, 'rows', 0, 'cells')
  const columns = listAt(table, 'columnDefinitions').map((column, index) => [column, cells[index]] as const)
  const shown = columns.filter(([column]) => wide || textAt(column, 'priority') === '0')
  return Object.fromEntries(shown.map(([column, cell]) => [textAt(column, 'name').toUpperCase(), cell]))
}

describe('tables', () => {
  test('a node shows its state, roles and version', () => {
    const node = {
      metadata: { labels: { 'node-role.kubernetes.io/control-plane': '' } },
      spec: { unschedulable: true },
      status: { conditions: [{ type: 'Ready', status: 'True' }], nodeInfo: { kubeletVersion: 'v1.35.7' } },
    }
    expect(row('Node', node)).toEqual({
      NAME: 'x',
      STATUS: 'Ready,SchedulingDisabled',
      ROLES: 'control-plane',
      AGE: '5m',
      VERSION: 'v1.35.7',
    })
  })

  test('a deployment shows ready, up-to-date and available replicas', () => {
    const deployment = {
      spec: { replicas: 6 },
      status: { readyReplicas: 5, updatedReplicas: 6, availableReplicas: 4 },
    }
    expect(row('Deployment', deployment)).toEqual({
      NAME: 'x',
      READY: '5/6',
      'UP-TO-DATE': 6,
      AVAILABLE: 4,
      AGE: '5m',
    })
  })

  test('a service waits for its load balancer, then names all its hosts', () => {
    const service = {
      spec: {
        type: 'LoadBalancer',
        clusterIP: '100.64.0.9',
        ports: [{ port: 80, nodePort: 30_080, protocol: 'TCP' }],
      },
    }
    expect(row('Service', service)).toEqual({
      NAME: 'x',
      TYPE: 'LoadBalancer',
      'CLUSTER-IP': '100.64.0.9',
      'EXTERNAL-IP': '<pending>',
      'PORT(S)': '80:30080/TCP',
      AGE: '5m',
    })
    const status = {
      loadBalancer: { ingress: [{ hostname: 'a.example.com' }, { hostname: 'b.example.com' }] },
    }
    expect(row('Service', { ...service, status })['EXTERNAL-IP']).toBe('a.example.com,b.example.com')
  })

  test.each([
    ['Running', { status: { phase: 'Running' } }],
    [
      'ContainerCreating',
      {
        status: {
          phase: 'Pending',
          containerStatuses: [{ state: { waiting: { reason: 'ContainerCreating' } } }],
        },
      },
    ],
    ['Terminating', { metadata: { deletionTimestamp: born }, status: { phase: 'Running' } }],
    [
      'Init:0/1',
      {
        spec: { initContainers: [{}] },
        status: { phase: 'Pending', initContainerStatuses: [{ state: { running: {} } }] },
      },
    ],
    [
      'Completed',
      {
        status: {
          phase: 'Succeeded',
          containerStatuses: [{ state: { terminated: { reason: 'Completed', exitCode: 0 } } }],
        },
      },
    ],
  ])('a pod is %s', (status, pod) => {
    expect(row('Pod', pod).STATUS).toBe(status)
  })

  test('a pod shows its address and node on the wide table only', () => {
    const pod = {
      spec: { nodeName: 'i-1', containers: [{}, {}] },
      status: { podIP: '100.96.1.2', phase: 'Running' },
    }
    expect(row('Pod', pod)).toEqual({ NAME: 'x', READY: '0/2', STATUS: 'Running', RESTARTS: '0', AGE: '5m' })
    expect(row('Pod', pod, true)).toMatchObject({ IP: '100.96.1.2', NODE: 'i-1', 'NOMINATED NODE': '<none>' })
  })

  test('every kind has a row for an object with nothing but a name', () => {
    for (const kind of coreKinds) expect(Object.keys(row(kind.kind, {}, true))).toContain('NAME')
  })

  test.each([
    [45, '45s'],
    [119, '119s'],
    [120, '2m'],
    [215, '3m35s'],
    [3_600, '60m'],
    [4 * 3_600 + 300, '4h5m'],
    [30 * 3_600, '30h'],
    [51 * 3_600, '2d3h'],
    [400 * 86_400, '400d'],
    [3 * 365 * 86_400, '3y'],
  ])('%i seconds are %s', (seconds, text) => {
    expect(describeDuration(seconds * 1000)).toBe(text)
  })
})
