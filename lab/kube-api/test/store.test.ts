import { beforeEach, describe, expect, test } from 'vitest'
import { coreKinds } from '../kinds/index.ts'
import { createStore } from '../store/create-store.ts'
import type { Store } from '../store.ts'

let store: Store
beforeEach(() => {
  store = createStore({ kinds: coreKinds })
  store.create('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } })
})

const make = (name: string) =>
  store.create('ConfigMap', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { x: '1' } })
const delivery = () => new Promise<void>(resolve => setImmediate(resolve))

describe('the store', () => {
  test('knows a kind by kind, plural and full name', () => {
    for (const name of ['Deployment', 'deployments', 'deployments.apps'])
      expect(store.kind(name).plural).toBe('deployments')
    expect(() => store.kind('Unicorn')).toThrow('could not find the requested resource')
  })

  test('hands out objects that nobody can change', () => {
    const object = make('a')
    expect(() => {
      object.data = {}
    }).toThrow(TypeError)
  })

  test('modifies a draft, and nothing where there is nothing', () => {
    make('a')
    const changed = store.modify('ConfigMap', 'default', 'a', draft => {
      draft.data = { x: '2' }
    })
    expect(changed?.data).toEqual({ x: '2' })
    expect(store.modify('ConfigMap', 'default', 'b', () => {})).toBeUndefined()
  })

  test('tells watchers of writes after the writer has finished, in order', async () => {
    const heard: string[] = []
    store.watch('ConfigMap', ({ type, object }) => {
      heard.push(`${type} ${object.metadata.name}`)
      if (type === 'ADDED' && object.metadata.name === 'a') make('from-listener')
    })
    make('a')
    make('b')
    store.remove('ConfigMap', 'default', 'b')
    expect(heard).toEqual([])
    await delivery()
    expect(heard).toEqual(['ADDED a', 'ADDED b', 'DELETED b', 'ADDED from-listener'])
  })

  test('tells a watcher nothing that was written before it came', async () => {
    make('a')
    const heard: string[] = []
    store.watch('*', ({ object }) => heard.push(object.metadata.name))
    make('b')
    await delivery()
    expect(heard).toEqual(['b'])
  })

  test('tells nothing to a watcher that has left', async () => {
    const heard: string[] = []
    const stop = store.watch('*', ({ object }) => heard.push(object.metadata.name))
    make('a')
    stop()
    await delivery()
    expect(heard).toEqual([])
  })

  test('lists by namespace and labels, sorted', () => {
    store.create('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } })
    for (const [name, namespace, tier] of [
      ['b', 'default', 'web'],
      ['a', 'default', 'web'],
      ['c', 'other', 'db'],
    ] as const) {
      store.create('ConfigMap', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, namespace, labels: { tier } },
      })
    }
    const names = (filter: Parameters<Store['list']>[1]) =>
      store.list('ConfigMap', filter).map(({ metadata }) => metadata.name)
    expect(names({ namespace: 'default' })).toEqual(['a', 'b'])
    expect(names({ labels: { tier: 'db' } })).toEqual(['c'])
  })
})
