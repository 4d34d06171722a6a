import { type KubeObject, valueAt } from '../objects.ts'
import { badRequest, gone, notFound, resourceName } from '../status-error.ts'
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
  const shape = shapeOf(call)
  const { objects, meta } = page(selectObjects(call), call)
  return ok(presentList(objects, meta, shape))
}

type Continuation = { rv: string; start: string }

/** `limit` and `continue`: a page, and the token of the next one. */
function page(objects: KubeObject[], { query, store }: Call): { objects: KubeObject[]; meta: ListMeta } {
  const token = query.get('continue')
  const from = token ? readContinuation(token) : undefined
  if (from && Number(from.rv) < store.history.oldest()) {
    throw gone(
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
    )
  }
  const rest = from ? objects.filter(object => positionOf(object) > from.start) : objects
  const limit = Number(query.get('limit') ?? 0)
  const resourceVersion = from?.rv ?? store.revision()
  const last = limit > 0 && limit < rest.length ? rest[limit - 1] : undefined
  if (!last) return { objects: rest, meta: { resourceVersion } }
  const next: Continuation = { rv: resourceVersion, start: positionOf(last) }
  const meta = { resourceVersion, continue: writeContinuation(next), remainingItemCount: rest.length - limit }
  return { objects: rest.slice(0, limit), meta }
}

const positionOf = ({ metadata }: KubeObject) => `${metadata.namespace ?? ''}/${metadata.name}`

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
