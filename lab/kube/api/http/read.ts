import { type KubeObject, valueAt } from '../objects.ts'
import { badRequest, gone, notFound, resourceName } from '../status-error.ts'
import { placeOf, undoChanges } from '../store/past-state.ts'
import type { Call, Reply, ResourceCall } from './call.ts'
import { ok } from './call.ts'
import {
  chooseRepresentation,
  type ListMeta,
  presentList,
  presentObject,
  type Shape,
} from './representation.ts'
import { parseFieldSelector, parseLabelSelector, type Selects } from './selectors.ts'

export function shapeOf(call: ResourceCall): Shape {
  const { kind, request, query, store } = call
  return {
    kind,
    representation: chooseRepresentation(request.headers.accept),
    now: store.now(),
    includeObject: query.get('includeObject'),
  }
}

/** The addressed object, else 404. */
export function findObject({ store, kind, target }: ResourceCall): KubeObject {
  const name = target.name ?? ''
  const object = store.get(resourceName(kind), target.namespace, name)
  if (!object) throw notFound(kind, name)
  return object
}

export function getObject(call: ResourceCall): Reply {
  return ok(presentObject(findObject(call), shapeOf(call)))
}

/** The selectors of a request, its name and namespace included. */
export function selectionOf({ query, kind, target }: ResourceCall): Selects {
  const labels = parseLabelSelector(query.get('labelSelector'))
  const fields = parseFieldSelector(query.get('fieldSelector'), kind)
  return object =>
    (target.namespace === undefined || object.metadata.namespace === target.namespace) &&
    (target.name === undefined || object.metadata.name === target.name) &&
    labels(object) &&
    fields(object)
}

export function selectObjects(call: ResourceCall): KubeObject[] {
  const { store, kind, target } = call
  return store.list(resourceName(kind), { namespace: target.namespace }).filter(selectionOf(call))
}

export function listObjects(call: ResourceCall): Reply {
  const token = call.query.get('continue')
  const { objects, meta } = token ? nextPage(call, readContinuation(token)) : firstPage(call)
  return ok(presentList(objects, meta, shapeOf(call)))
}

type Page = { objects: KubeObject[]; meta: ListMeta }
type Continuation = { rv: string; start: string }

function firstPage(call: ResourceCall): Page {
  return cutPage(call, selectObjects(call), call.store.revision())
}

/** The page after a token, of the moment when the first page was read. */
function nextPage(call: ResourceCall, { rv, start }: Continuation): Page {
  const { store, kind } = call
  const changes = store.history.since(Number(rv))
  if (!changes) {
    throw gone(
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
    )
  }
  const then = undoChanges(store.list(resourceName(kind)), changes, kind).filter(selectionOf(call))
  return cutPage(
    call,
    then.filter(object => placeOf(object) > start),
    rv,
  )
}

function cutPage({ query }: Call, objects: KubeObject[], resourceVersion: string): Page {
  const limit = Number(query.get('limit') ?? 0)
  const last = limit > 0 && limit < objects.length ? objects[limit - 1] : undefined
  if (!last) return { objects, meta: { resourceVersion } }
  const selected = query.get('labelSelector') || query.get('fieldSelector')
  const meta = {
    resourceVersion,
    continue: writeContinuation({ rv: resourceVersion, start: placeOf(last) }),
    // Nobody has counted what a selector would leave.
    ...(selected ? {} : { remainingItemCount: objects.length - limit }),
  }
  return { objects: objects.slice(0, limit), meta }
}

function writeContinuation(continuation: Continuation): string {
  return Buffer.from(JSON.stringify(continuation)).toString('base64url')
}

function readContinuation(token: string): Continuation {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'))
    const rv = valueAt(value, 'rv')
    const start = valueAt(value, 'start')
    if (typeof rv === 'string' && typeof start === 'string') return { rv, start }
  } catch {
    // Not one of our tokens: refused below like any other nonsense.
  }
  throw badRequest('continue key is not valid')
}
