import { storeName } from '../kind.ts'
import type { KubeObject } from '../objects.ts'
import { badRequest, invalidValue, notFound } from '../status-error.ts'
import { ok, type Reply, type ResourceCall } from './call.ts'
import { parseFieldSelector } from './field-selector.ts'
import { parseLabelSelector, type Selects } from './label-selector.ts'
import { checkVersion } from './list-options.ts'
import { chooseRepresentation, presentObject, type Shape } from './representation.ts'

/** The form in which the client accepts objects: as they are, as a table, or their metadata only. */
export function shapeOf(call: ResourceCall): Shape {
  const { kind, request, query, store } = call
  const representation = chooseRepresentation(request.headers.accept)
  const includeObject = query.get('includeObject')
  if (representation === 'table') checkIncluded(includeObject ?? '')
  return { kind, representation, now: store.now(), includeObject }
}

function checkIncluded(included: string): void {
  if (['', 'None', 'Metadata', 'Object'].includes(included)) return
  const rule = "must be 'Metadata', 'Object', 'None', or empty"
  const { field, message } = invalidValue('includeObject', included, rule)
  throw badRequest(`Unable to convert to Table as requested: ${field}: ${message}`)
}

/** The addressed object, else 404. */
export function findObject({ store, kind, target }: ResourceCall): KubeObject {
  const name = target.name ?? ''
  const object = store.get(storeName(kind), target.namespace, name)
  if (!object) throw notFound(kind, name)
  return object
}

/** One object, in that form; throws where a given `resourceVersion` is not yet reached. */
export function getObject(call: ResourceCall): Reply {
  checkVersion(call)
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
