import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Failure } from '@meridian/lab-world'
import type { ApiServer, ApiServerOptions, Verb } from '../api-server.ts'
import type { Kind } from '../kind.ts'
import { type ErrorSubject, invalid, StatusError, unsupportedValue } from '../status-error.ts'
import type { Store } from '../store.ts'
import type { User } from '../user.ts'
import type { ResourceTarget } from './target.ts'

/** One request, read as far as its address. */
export type Call = {
  options: ApiServerOptions
  store: Store
  tokens: ApiServer['tokens']
  user: User
  request: IncomingMessage
  response: ServerResponse
  query: URLSearchParams
  /** The query as it was sent, with its question mark. */
  search: string
  /** How the request is to fail. */
  failure?: Failure | undefined
}
/** A call on a resource that is served. */
export type ResourceCall = Call & { target: ResourceTarget; kind: Kind; verb: Verb }

export type Reply = { code: number; body: unknown; contentType?: string }

/** 200 with a body. */
export function ok(body: unknown): Reply {
  return { code: 200, body }
}

const verbs: Record<string, [one: Verb, many: Verb]> = {
  GET: ['get', 'list'],
  HEAD: ['get', 'list'],
  POST: ['create', 'create'],
  PUT: ['update', 'update'],
  PATCH: ['patch', 'patch'],
  DELETE: ['delete', 'deletecollection'],
}

/** The verb that authorization and discovery use; undefined for a method that means nothing to an API server. */
export function verbOf(method: string, target: ResourceTarget, query: URLSearchParams): Verb | undefined {
  if (method === 'GET' && target.watch) return 'watch'
  if (method === 'GET' && target.name === undefined && isTrue(query.get('watch'))) return 'watch'
  return verbs[method]?.[target.name === undefined ? 1 : 0]
}

/** Whatever is given is true, but for the two words that are false. */
export function isTrue(value: string | null): boolean {
  return value !== null && value !== '0' && value.toLowerCase() !== 'false'
}

/** 405, for a verb that the resource does not have. */
export function methodNotAllowed(): StatusError {
  return new StatusError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  )
}

/** 404 in a path that no resource is served at; an object that is not there is `notFound`. */
export function pageNotFound(): StatusError {
  return new StatusError(404, 'NotFound', 'the server could not find the requested resource', {})
}

/** What no handler answers is no matter of the API: it is told in Go's own words, and gets no Status. */
export const unknownPage = new StatusError(404, 'NotFound', '404 page not found\n')

const optionsOf: Record<string, string> = { POST: 'Create', PUT: 'Update', PATCH: 'Patch', DELETE: 'Delete' }

/** The type of the options of a request, as its refusals name it. */
export function optionsKindOf({ request }: Call): ErrorSubject {
  const kind = `${optionsOf[request.method ?? ''] ?? 'List'}Options`
  return { group: 'meta.k8s.io', kind, plural: kind.toLowerCase() }
}

/** Refuses a value of an option of a write, in the words of the options' own type. */
export function refuseOption(
  call: Call,
  field: string,
  value: unknown,
  allowed: readonly string[],
): StatusError {
  return invalid(optionsKindOf(call), '', [unsupportedValue(field, value, allowed)])
}
