import { apiVersionOf, sameResource } from '../kind.ts'
import type { KubeObject } from '../objects.ts'
import { gone, type StatusBody } from '../status-error.ts'
import type { EventType, StoreEvent } from '../store/history.ts'
import { inVersion } from '../store/in-version.ts'
import { isTrue, type ResourceCall } from './call.ts'
import type { Selects } from './label-selector.ts'
import { selectObjects } from './list.ts'
import { wantsInitialEvents } from './list-options.ts'
import { selectionOf, shapeOf } from './read.ts'
import { presentObject } from './representation.ts'

const bookmarkEvery = 10_000
const longest = 3_600

type WatchEvent = { type: EventType; object: KubeObject }

/**
 * Streams changes as one JSON document per line until the client leaves, `timeoutSeconds` pass or the server closes.
 * Begins with the current objects, or after `resourceVersion`; one that is too old gets an ERROR event with 410.
 */
export function watchObjects(call: ResourceCall): void {
  const { query, store, response, kind } = call
  const shape = shapeOf(call)
  const selects = selectionOf(call)
  const bookmarks = isTrue(query.get('allowWatchBookmarks') ?? 'false')
  const from = query.get('resourceVersion') ?? ''
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' })
  response.flushHeaders()
  const send = (type: string, object: unknown) => response.write(`${JSON.stringify({ type, object })}\n`)
  let rowsOnly = false
  const lineOf = ({ type, object }: WatchEvent) => {
    const shown = presentObject(inVersion(kind, object), { ...shape, now: Date.now(), rowsOnly })
    rowsOnly = true
    return `${JSON.stringify({ type, object: shown })}\n`
  }
  const breakOff = breakageOf(call)
  const bookmark = (annotations?: Record<string, string>) => send('BOOKMARK', bookmarkOf(call, annotations))

  const initial = wantsInitialEvents(query)
  const past = initial ? currentObjects(call) : pastEvents(call, selects, Number(from))
  if (!past) {
    send('ERROR', tooOld(from, store.oldest(kind)))
    response.end()
    return
  }
  for (const event of past) response.write(lineOf(event))
  if (initial && bookmarks) bookmark({ 'k8s.io/initial-events-end': 'true' })

  const stop = store.history.listen(change => {
    const awaited = sameResource(change.kind, kind) && change.revision > Number(from)
    const event = awaited ? selectedEvent(change, selects) : undefined
    if (event && !breakOff(lineOf(event))) response.write(lineOf(event))
  })
  const beat = setInterval(() => bookmarks && bookmark(), bookmarkEvery)
  const end = setTimeout(() => response.end(), timeoutOf(query) * 1000)
  response.on('close', () => {
    stop()
    clearInterval(beat)
    clearTimeout(end)
  })
}

/** Loses a change and ends the stream, as a fault of the world wants; true if it has taken the line upon itself. */
function breakageOf({ failure, response, store, kind }: ResourceCall): (line: string) => boolean {
  const expired = () => `${JSON.stringify({ type: 'ERROR', object: tooOld('1', store.oldest(kind)) })}\n`
  return line => {
    if (failure === 'stream-end') response.end()
    else if (failure === 'stream-expired') response.end(expired())
    else if (failure === 'truncate') response.end(line.slice(0, line.length / 2))
    return response.writableEnded
  }
}

function timeoutOf(query: URLSearchParams): number {
  const seconds = Number(query.get('timeoutSeconds') ?? 0)
  return seconds > 0 ? Math.min(seconds, longest) : longest
}

function currentObjects(call: ResourceCall): WatchEvent[] {
  return selectObjects(call).map(object => ({ type: 'ADDED', object }))
}

/** What has happened since a revision, which is the present if it is 0; undefined if it is too old. */
function pastEvents({ store, kind }: ResourceCall, selects: Selects, from: number): WatchEvent[] | undefined {
  if (from === 0) return []
  if (from < store.oldest(kind)) return undefined
  const changes = store.history.since(from)?.filter(change => sameResource(change.kind, kind))
  return changes?.flatMap(change => selectedEvent(change, selects) ?? [])
}

/**
 * What a change looks like through a selector: an object that begins or ceases to match comes or goes. One that goes
 * is told as it was when it still matched, with the version of the change.
 */
function selectedEvent({ type, object, previous }: StoreEvent, selects: Selects): WatchEvent | undefined {
  const was = type !== 'ADDED' && previous !== undefined && selects(previous)
  const is = type !== 'DELETED' && selects(object)
  if (was && is) return { type: 'MODIFIED', object }
  if (is) return { type: 'ADDED', object }
  if (!was) return undefined
  const { resourceVersion } = object.metadata
  return { type: 'DELETED', object: { ...previous, metadata: { ...previous.metadata, resourceVersion } } }
}

function bookmarkOf({ kind, store }: ResourceCall, annotations?: Record<string, string>): unknown {
  const metadata = {
    resourceVersion: store.revision(),
    creationTimestamp: null,
    ...(annotations ? { annotations } : {}),
  }
  return { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata }
}

function tooOld(from: string, oldest: number): StatusBody {
  return gone(`too old resource version: ${from} (${oldest})`).body
}
