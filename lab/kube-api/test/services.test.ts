import { type Fields, numberAt, textAt } from '@meridian/lab-world/json'
import { beforeEach, describe, expect, test } from 'vitest'
import { coreKinds } from '../kinds/index.ts'
import { createStore } from '../store/create-store.ts'
import type { Store } from '../store.ts'

let store: Store
beforeEach(() => {
  store = createStore({ kinds: coreKinds })
  store.create('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } })
})

function create(name: string, spec: Fields) {
  return store.create('Service', { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec })
}

describe('a service', () => {
  test('gets an address of its own', () => {
    const [a, b] = ['a', 'b'].map(name =>
      textAt(create(name, { ports: [{ port: 80 }] }), 'spec', 'clusterIP'),
    )
    expect(a).toMatch(/^100\.64\.\d+\.\d+$/)
    expect(a).not.toBe(b)
  })

  test('of the API gets the first address', () => {
    expect(textAt(create('kubernetes', { ports: [{ port: 443 }] }), 'spec', 'clusterIP')).toBe('100.64.0.1')
  })

  test('of type LoadBalancer gets node ports and keeps them', () => {
    const created = create('web', { type: 'LoadBalancer', ports: [{ port: 80 }] })
    const nodePort = numberAt(created, 'spec', 'ports', 0, 'nodePort')
    expect(nodePort).toBeGreaterThanOrEqual(30_000)
    const spec = { type: 'LoadBalancer', ports: [{ port: 80, name: 'http' }] }
    const updated = store.update('Service', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'default' },
      spec,
    })
    expect(numberAt(updated, 'spec', 'ports', 0, 'nodePort')).toBe(nodePort)
  })

  test('whose traffic stays on its node gets a port for the health check, and loses it with that', () => {
    const local = { type: 'LoadBalancer', externalTrafficPolicy: 'Local', ports: [{ port: 80 }] }
    const portOf = (service: unknown) => numberAt(service, 'spec', 'healthCheckNodePort')
    const created = create('web', local)
    expect(portOf(created)).toBeGreaterThanOrEqual(30_000)
    const update = (spec: Fields) =>
      portOf(store.update('Service', { ...created, metadata: { name: 'web', namespace: 'default' }, spec }))
    expect(update(local)).toBe(portOf(created))
    expect(update({ ...local, externalTrafficPolicy: 'Cluster' })).toBe(0)
  })

  test('cannot have a node port that another one has', () => {
    create('a', { type: 'NodePort', ports: [{ port: 80, nodePort: 30_080 }] })
    expect(() => create('b', { type: 'NodePort', ports: [{ port: 80, nodePort: 30_080 }] })).toThrow(
      'Service "b" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated',
    )
  })

  test('cannot have a node port out of range', () => {
    expect(() => create('b', { type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] })).toThrow(
      'The range of valid ports is 30000-32767',
    )
  })

  test('cannot change its address', () => {
    const { metadata, ...service } = create('a', { ports: [{ port: 80 }] })
    const spec = { ...(service.spec as Fields), clusterIP: '100.64.9.9' }
    expect(() => store.update('Service', { ...service, metadata, spec })).toThrow('may not change once set')
  })

  test('needs names for its ports if there are several', () => {
    expect(() => create('a', { ports: [{ port: 80 }, { port: 443 }] })).toThrow(
      'spec.ports[0].name: Required value',
    )
  })
})
