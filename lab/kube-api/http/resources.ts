import type { Verb } from '../api-server.ts'
import { apiVersionOf, isCustom, type Kind, servedKinds } from '../kind.ts'
import { badRequest, notFound, resourceName, StatusError } from '../status-error.ts'
import { writeAdvised } from './advise-writers.ts'
import {
  type Call,
  methodNotAllowed,
  pageNotFound,
  type Reply,
  type ResourceCall,
  unknownPage,
  verbOf,
} from './call.ts'
import { deleteObject, deleteObjects } from './delete.ts'
import { kindsByVersion } from './discovery.ts'
import { listObjects } from './list.ts'
import { checkListOptions } from './list-options.ts'
import { patchObject } from './patch.ts'
import { getObject } from './read.ts'
import { readLog } from './read-log.ts'
import { requestToken } from './request-token.ts'
import { serveScale } from './scale.ts'
import { warn } from './send.ts'
import type { ResourceTarget } from './target.ts'
import { watchObjects } from './watch.ts'
import { createObject, updateObject } from './write.ts'

/** The addressed kind and verb. Throws 404 for what is not served, 405 for a method that means nothing there. */
export function readResourceCall(call: Call, target: ResourceTarget): ResourceCall {
  const { group, version, plural } = target
  const page = kindsByVersion(servedKinds(call.store.kinds())).get(apiVersionOf({ group, version })) ?? []
  const kind = page.find(each => each.plural === plural)
  // The server's own kinds have routes, custom resources one handler for everything.
  const routed = !page.every(isCustom)
  if (!kind) throw routed ? pageNotFound() : unknownPage
  const verb = verbOf(call.request.method ?? 'GET', target, call.query)
  checkScope(kind, target, verb)
  if (!verb) throw isCustom(kind) ? methodNotSupported(kind) : methodNotAllowed()
  return { ...call, target, kind, verb }
}

/** Only lists and watches reach over all namespaces; nothing of a cluster lies in one of them. */
function checkScope(kind: Kind, { namespace, name }: ResourceTarget, verb: Verb | undefined): void {
  const across = kind.namespaced && namespace === undefined
  if (kind.namespaced ? !across || verb === 'list' || verb === 'watch' : namespace === undefined) return
  if (isCustom(kind)) throw unknownPage
  throw across && name === undefined ? methodNotAllowed() : pageNotFound()
}

function methodNotSupported(kind: Kind): StatusError {
  const message = ` is not supported on resources of kind "${resourceName(kind)}"`
  return new StatusError(405, 'MethodNotAllowed', message, { group: kind.group, kind: kind.plural })
}

/** Answers a call on a resource; undefined if the answer is a stream that has begun. */
export async function serveResource(call: ResourceCall): Promise<Reply | undefined> {
  if (call.kind.deprecated) warn(call, call.kind.deprecated)
  const { target, verb } = call
  if (target.subresource) return serveSubresource(call, target.subresource)
  switch (verb) {
    case 'get':
      return getObject(call)
    case 'list':
      checkListOptions(call)
      return listObjects(call)
    case 'watch':
      checkListOptions(call)
      watchObjects(call)
      return undefined
    case 'create':
      if (target.name !== undefined && !isCustom(call.kind)) throw methodNotAllowed()
      return writeAdvised(call, () => createObject(call))
    case 'update':
      checkName(call)
      return writeAdvised(call, () => updateObject(call))
    case 'patch':
      checkName(call)
      return writeAdvised(call, () => patchObject(call))
    case 'delete':
      return deleteObject(call)
    case 'deletecollection':
      return deleteObjects(call)
  }
}

function checkName({ target, kind }: ResourceCall): void {
  if (target.name !== undefined) return
  throw isCustom(kind) ? badRequest('name must be provided') : methodNotAllowed()
}

const streams = new Set(['attach', 'exec', 'portforward'])

async function serveSubresource(call: ResourceCall, subresource: string): Promise<Reply | undefined> {
  const { kind, verb } = call
  if (subresource === 'scale') return serveScale(call)
  if (subresource === 'log' && kind.kind === 'Pod' && verb === 'get') return readLog(call)
  if (subresource === 'token' && kind.kind === 'ServiceAccount' && verb === 'create')
    return requestToken(call)
  if (streams.has(subresource) && kind.kind === 'Pod') throw badRequest('Upgrade request required')
  const writable =
    (subresource === 'status' && kind.status) ||
    (subresource === 'approval' && kind.approval) ||
    (subresource === 'finalize' && kind.kind === 'Namespace')
  if (!writable) throw isCustom(kind) ? notFound(kind, call.target.name ?? '') : pageNotFound()
  if (verb === 'get') return getObject(call)
  if (verb === 'update') return updateObject(call)
  if (verb === 'patch') return patchObject(call)
  throw methodNotAllowed()
}
