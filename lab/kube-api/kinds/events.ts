import { numberAt, textAt } from '@meridian/lab-world/json'
import { column, nameColumn, wide } from '../columns.ts'
import { describeAge } from '../duration.ts'
import type { Kind } from '../kind.ts'
import type { KubeObject } from '../objects.ts'

function lastSeen(event: KubeObject, now: number): string {
  const series = textAt(event, 'series', 'lastObservedTime')
  const seen = series || textAt(event, 'lastTimestamp') || textAt(event, 'eventTime')
  return describeAge(seen || (event.metadata.creationTimestamp ?? ''), now)
}

const about = (event: KubeObject) =>
  `${textAt(event, 'involvedObject', 'kind').toLowerCase()}/${textAt(event, 'involvedObject', 'name')}`

const source = (event: KubeObject) =>
  [
    textAt(event, 'source', 'component') || textAt(event, 'reportingComponent'),
    textAt(event, 'source', 'host'),
  ]
    .filter(Boolean)
    .join(', ')

export const eventKind: Kind = {
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  singular: 'event',
  shortNames: ['ev'],
  namespaced: true,
  selectable: [
    ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map(
      field => `involvedObject.${field}`,
    ),
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  columns: [
    column('Last Seen', lastSeen),
    column('Type', event => textAt(event, 'type')),
    column('Reason', event => textAt(event, 'reason')),
    column('Object', about),
    wide('Subobject', event => textAt(event, 'involvedObject', 'fieldPath')),
    wide('Source', source),
    column('Message', event => textAt(event, 'message').trim()),
    wide('First Seen', (event, now) => describeAge(textAt(event, 'firstTimestamp'), now)),
    wide('Count', event => numberAt(event, 'count') || 1),
    { ...nameColumn, priority: 1 },
  ],
}
