import { type Fields, fieldsAt, isFields, textAt } from '@meridian/lab-world/json'
import { apiVersionOf, isCustom, type Kind } from '../kind.ts'
import type { KubeObject } from '../objects.ts'
import { jsonTypeOf } from '../schema/go-values.ts'
import { badRequest, invalid, invalidValue, type StatusError } from '../status-error.ts'
import type { ResourceCall } from './call.ts'
import { readPatchedFields, readTyped } from './field-validation.ts'
import type { Document } from './read-body.ts'

/** The body of a POST or PUT as an object of the addressed kind. Throws 400, or 422 for a kind of another name. */
export function readObject(call: ResourceCall, { body, repeated }: Document): KubeObject {
  const { kind } = call
  if (!isFields(body)) throw unrecognized(kind, body, unreadable(body))
  if (isCustom(kind) && !textAt(body, 'kind')) {
    throw unrecognized(kind, body, `Object 'Kind' is missing in '${JSON.stringify(body)}'`)
  }
  const apiVersion = isCustom(kind) ? textAt(body, 'apiVersion') : (body.apiVersion ?? apiVersionOf(kind))
  if (apiVersion !== apiVersionOf(kind)) {
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${apiVersionOf(kind)})`,
    )
  }
  const read = readTyped(call, body, repeated)
  return addressed(call, read, fieldsAt(read, 'metadata'))
}

/**
 * What a patch has made of an object; `careless` is what is said of the patch itself. Throws 422 for what is no such
 * object any more.
 */
export function readPatched(
  call: ResourceCall,
  patched: unknown,
  patch: { careless: readonly string[]; shown: string },
): KubeObject {
  if (!isFields(patched)) throw notDecoded(JSON.stringify(patched), unreadable(patched))
  const text = JSON.stringify(patched)
  const shown = patch.shown || text
  const { value, mistake } = readPatchedFields(call, patched, patch.careless, all => notDecoded(shown, all))
  if (mistake !== undefined) throw notDecoded(shown, mistake)
  if (!textAt(value, 'kind')) throw notDecoded(shown, `Object 'Kind' is missing in '${text}'`)
  const object = addressed(call, value, fieldsAt(value, 'metadata'))
  const expected = apiVersionOf(call.kind)
  const version = textAt(patched, 'apiVersion')
  if (version === expected) return object
  throw invalid(call.kind, object.metadata.name, [invalidValue('apiVersion', version, `must be ${expected}`)])
}

/** The configuration of an apply. Throws 400 for one of another type. */
export function readApplied(call: ResourceCall, body: unknown = {}): KubeObject {
  if (!isFields(body)) {
    const problem = `json: cannot unmarshal ${jsonTypeOf(body)} into Go value of type map[string]interface {}`
    throw badRequest(`error decoding YAML: error unmarshaling JSON: while decoding JSON: ${problem}`)
  }
  const apiVersion = textAt(body, 'apiVersion')
  const kind = textAt(body, 'kind')
  if (apiVersion !== apiVersionOf(call.kind) || kind !== call.kind.kind) {
    const group = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`
    throw badRequest(`invalid object type: ${group}, Kind=${kind}`)
  }
  return addressed(call, body, fieldsAt(body, 'metadata'))
}

/** The object with the name and namespace of the path. Throws where they disagree, and for another kind. */
function addressed({ kind, target, verb }: ResourceCall, body: Fields, metadata: Fields): KubeObject {
  const name = textAt(metadata, 'name')
  const given = textAt(body, 'kind') || kind.kind
  if (metadata.namespace && target.namespace !== undefined && metadata.namespace !== target.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  }
  if (verb !== 'create') checkName(name, target.name ?? '')
  if (given !== kind.kind && !isCustom(kind)) {
    throw badRequest(`the kind in the data (${given}) does not match the expected kind (${kind.kind})`)
  }
  if (given !== kind.kind) {
    throw invalid({ ...kind, kind: given }, name, [invalidValue('kind', given, `must be ${kind.kind}`)])
  }
  return {
    ...body,
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: {
      ...metadata,
      name,
      ...(target.namespace === undefined ? {} : { namespace: target.namespace }),
    },
  }
}

function checkName(name: string, addressedName: string): void {
  if (name === addressedName) return
  throw badRequest(
    name === ''
      ? `the name of the object (${addressedName} based on URL) was undeterminable: name must be provided`
      : `the name of the object (${name}) does not match the name on the URL (${addressedName})`,
  )
}

const longestSummary = 30

function unrecognized({ kind }: Kind, body: unknown, problem: string): StatusError {
  const text = body === undefined ? '<empty>' : JSON.stringify(body)
  const shown = text.startsWith('{') || text === '<empty>' ? text : Buffer.from(text).toString('hex')
  const summary = shown.length > longestSummary ? `${shown.slice(0, longestSummary)} ...` : shown
  return badRequest(`the object provided is unrecognized (must be of type ${kind}): ${problem} (${summary})`)
}

function unreadable(body: unknown): string {
  const header =
    'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'
  const problem =
    body === undefined
      ? 'unexpected end of JSON input'
      : `json: cannot unmarshal ${jsonTypeOf(body)} into Go value of type ${header}`
  return `couldn't get version/kind; json parse error: ${problem}`
}

function notDecoded(patched: string, problem: string): StatusError {
  return invalid({ group: '', kind: '', plural: '' }, '', [invalidValue('patch', patched, problem)])
}
