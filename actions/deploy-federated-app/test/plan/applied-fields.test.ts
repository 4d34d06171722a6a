import { expect, test } from 'vitest'
import { extractApplied } from '../../src/plan/applied-fields.ts'

const entry = (manager: string, operation: string, fieldsV1: object) => ({ manager, operation, fieldsV1 })
const live = (managedFields: object[]) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', uid: 'u', labels: { a: '1', b: '2' }, managedFields },
  spec: {
    replicas: 3,
    paused: false,
    finalizers: ['x', 'y'],
    selector: { matchLabels: { app: 'web' } },
    containers: [
      { name: 'web', image: 'web:1', ports: [{ containerPort: 80, protocol: 'TCP' }] },
      { name: 'sidecar', image: 'side:1' },
    ],
  },
  status: { replicas: 3 },
})

test('what a manager has applied is told from what others and the server have set', () => {
  const own = entry('meridian', 'Apply', {
    'f:metadata': { 'f:labels': { 'f:a': {} } },
    'f:spec': {
      'f:replicas': {},
      'f:selector': {},
      'f:finalizers': { 'v:"y"': {} },
      'f:containers': {
        'k:{"name":"web"}': {
          '.': {},
          'f:name': {},
          'f:image': {},
          'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {} } },
        },
      },
    },
  })
  const others = [
    entry('kubectl', 'Apply', { 'f:spec': { 'f:paused': {} } }),
    entry('meridian', 'Update', {}),
  ]
  expect(extractApplied(live([...others, own]), 'meridian')).toEqual({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', labels: { a: '1' } },
    spec: {
      replicas: 3,
      finalizers: ['y'],
      selector: { matchLabels: { app: 'web' } },
      containers: [{ name: 'web', image: 'web:1', ports: [{ containerPort: 80, protocol: 'TCP' }] }],
    },
  })
})

test('who has applied nothing has nothing to go back to', () => {
  expect(extractApplied(live([]), 'meridian')).toBeUndefined()
  expect(extractApplied(live([entry('meridian', 'Apply', {})]), 'meridian')).toBeUndefined()
  const status = { ...entry('meridian', 'Apply', { 'f:status': {} }), subresource: 'status' }
  expect(extractApplied(live([status]), 'meridian')).toBeUndefined()
})
