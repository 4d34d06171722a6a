import { randomText, type World } from '../../world/index.ts'
import type { KubeObject, Store } from '../api/index.ts'

type Happening = {
  about: KubeObject
  type?: 'Normal' | 'Warning'
  reason: string
  message: string
  component: string
}

/** Records an Event about an object; the same happening again only raises its count, as client-go does. */
export function recordEvent(world: World, store: Store, happening: Happening): void {
  const { about, type = 'Normal', reason, message, component } = happening
  const namespace = about.metadata.namespace ?? 'default'
  const now = `${new Date(world.clock.now()).toISOString().slice(0, 19)}Z`
  if (store.get('Namespace', undefined, namespace)?.metadata.deletionTimestamp) return
  const repeated = store.list('events', { namespace }).find(event => {
    const involved = event.involvedObject as { uid?: string } | undefined
    return involved?.uid === about.metadata.uid && event.reason === reason && event.message === message
  })
  if (repeated) {
    store.modify('events', namespace, repeated.metadata.name, draft => {
      draft.count = Number(draft.count ?? 1) + 1
      draft.lastTimestamp = now
    })
    return
  }
  store.create('events', {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${about.metadata.name}.${randomText(world.random, 16)}`, namespace },
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
