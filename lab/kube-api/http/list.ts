import { valueAt } from '@meridian/lab-world/json'
import { storeName } from '../kind.ts'
import type { KubeObject } from '../objects.ts'
import { badRequest, gone, type StatusError } from '../status-error.ts'
import { placeOf, undoChanges } from '../store/past-state.ts'
import { ok, type Reply, type ResourceCall } from './call.ts'
import type { ListMeta } from './list-meta.ts'
import { selectionOf, shapeOf } from './read.ts'
import { presentList } from './representation.ts'

export type Page = { objects: KubeObject[]; meta: ListMeta }
/** After which object a page begins, of the moment of which revision; a negative one is the present. */
type Continuation = { rv: number; start: string }

/** A page of a kind's objects, in the form that the client accepts. */
export function listObjects(call: ResourceCall): Reply {
  const { objects, meta } = readPage(call)
  return ok(presentList(objects, meta, shapeOf(call)))
}

/** Every selected object as it is now. */
export function selectObjects(call: ResourceCall): KubeObject[] {
  const { store, kind, target } = call
  return store.list(storeName(kind), { namespace: target.namespace }).filter(selectionOf(call))
}

/**
 * The objects that a list asks for: of now, of the exact version it names, or those that follow a page. Throws 400 for
 * a token that is none, 410 if nobody remembers that moment any more.
 */
export function readPage(call: ResourceCall): Page {
  const { query, store } = call
  const token = query.get('continue')
  if (token) return nextPage(call, readContinuation(token))
  const version = exactVersion(query)
  if (version === undefined) return cutPage(call, selectObjects(call), store.revision())
  const then = objectsAt(call, Number(version))
  if (!then) throw gone('The resourceVersion for the provided list is too old.')
  return cutPage(call, then, version)
}

// With a limit, a version has always meant exactly that one, so that pages agree.
function exactVersion(query: URLSearchParams): string | undefined {
  const version = query.get('resourceVersion') ?? ''
  if (version === '' || version === '0') return undefined
  const match = query.get('resourceVersionMatch')
  return match === 'Exact' || (!match && Number(query.get('limit')) > 0) ? version : undefined
}

/** The selected objects as they were at a revision; undefined if that is forgotten. */
function objectsAt(call: ResourceCall, revision: number): KubeObject[] | undefined {
  const { store, kind } = call
  const changes = store.history.since(revision)
  return changes && undoChanges(store.list(storeName(kind)), changes, kind).filter(selectionOf(call))
}

function nextPage(call: ResourceCall, { rv, start }: Continuation): Page {
  const then = rv < 0 ? selectObjects(call) : objectsAt(call, rv)
  if (!then) throw tooOldToContinue(start)
  const rest = then.filter(object => placeOf(object) > start)
  return cutPage(call, rest, rv < 0 ? call.store.revision() : String(rv))
}

function tooOldToContinue(start: string): StatusError {
  const refusal = gone(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
  )
  refusal.body.metadata.continue = writeContinuation({ rv: -1, start })
  return refusal
}

function cutPage({ query }: ResourceCall, objects: KubeObject[], resourceVersion: string): Page {
  // A list of any version is served from memory, where a limit saves nothing.
  const limit = query.get('resourceVersion') === '0' ? 0 : Number(query.get('limit') ?? 0)
  const last = limit > 0 && limit < objects.length ? objects[limit - 1] : undefined
  if (!last) return { objects, meta: { resourceVersion } }
  const selected = query.get('labelSelector') || query.get('fieldSelector')
  const meta = {
    resourceVersion,
    continue: writeContinuation({ rv: Number(resourceVersion), start: placeOf(last) }),
    // Nobody has counted what a selector would leave.
    ...(selected ? {} : { remainingItemCount: objects.length - limit }),
  }
  return { objects: objects.slice(0, limit), meta }
}

function writeContinuation(continuation: Continuation): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', ...continuation })).toString('base64url')
}

function readContinuation(token: string): Continuation {
  let problem = 'not a continuation'
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'))
    const rv = valueAt(value, 'rv')
    const start = valueAt(value, 'start')
    if (typeof rv === 'number' && typeof start === 'string') return { rv, start }
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error)
  }
  throw badRequest(`invalid continue token: continue key is not valid: ${problem}`)
}
