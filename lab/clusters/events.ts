import type { KubeObject, Store } from '@meridian/lab-kube-api'
import { randomText, type World } from '@meridian/lab-world'

type Happening = {
  about: KubeObject
  type?: 'Normal' | 'Warning'
  reason: string
  message: string
  component: string
}

/** The names of a store's Events by what they tell: to look through thousands of them each time would take too long. */
const known = new WeakMap<Store, Map<string, string>>()

/** Records an Event about an object; the same happening again only raises its count, as client-go does. */
export function recordEvent(world: World, store: Store, happening: Happening): void {
  const { about, type = 'Normal', reason, message, component } = happening
  const namespace = about.metadata.namespace ?? 'default'
  const now = `${new Date(world.clock.now()).toISOString().slice(0, 19)}Z`
  if (store.get('Namespace', undefined, namespace)?.metadata.deletionTimestamp) return
  const told = known.get(store) ?? new Map<string, string>()
  known.set(store, told)
  const key = [namespace, about.metadata.uid, reason, message].join(' ')
  const before = told.get(key)
  const repeated = before === undefined ? undefined : store.get('events', namespace, before)
  if (repeated) {
    store.modify('events', namespace, repeated.metadata.name, draft => {
      draft.count = Number(draft.count ?? 1) + 1
      draft.lastTimestamp = now
    })
    return
  }
  const name = `${about.metadata.name}.${randomText(world.random, 16)}`
  told.set(key, name)
  store.create('events', {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace },
    involvedObject: {
      apiVersion: about.apiVersion,
      kind: about.kind,
      name: about.metadata.name,
      namespace: about.metadata.namespace,
      uid: about.metadata.uid,
      resourceVersion: about.metadata.resourceVersion,
    },
    type,
    reason,
    message,
    source: { component },
    reportingComponent: component,
    reportingInstance: '',
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
  })
}
