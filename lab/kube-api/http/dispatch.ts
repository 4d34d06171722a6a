import type { IncomingMessage } from 'node:http'
import { clientOf, type Failure } from '@meridian/lab-world'
import type { ApiServer, ApiServerOptions, RequestSummary } from '../api-server.ts'
import { ofKinds, servedKinds } from '../kind.ts'
import { resourceName, StatusError } from '../status-error.ts'
import type { Store } from '../store.ts'
import type { User } from '../user.ts'
import { authenticate, impersonated } from './authenticate.ts'
import { authorize } from './authorize.ts'
import {
  type Call,
  methodNotAllowed,
  pageNotFound,
  type Reply,
  type ResourceCall,
  unknownPage,
} from './call.ts'
import { checkTimeout } from './check-timeout.ts'
import type { Exchange } from './exchange.ts'
import { answerOfProxy, meetFault } from './meet-fault.ts'
import { isOldAutoscaler, oldAutoscalerKind, serveOldAutoscaler } from './old-autoscaler.ts'
import { isPublicPage, servePage } from './pages.ts'
import { leadsToApp, proxyToApp } from './proxy-to-app.ts'
import { readResourceCall, serveResource } from './resources.ts'
import { findReview, reviewKinds, serveReview } from './reviews.ts'
import { identifyExchange, loseAnswer, sendError, sendReply } from './send.ts'
import { parseTarget } from './target.ts'

export type Context = { options: ApiServerOptions; store: Store; tokens: ApiServer['tokens'] }

const kindsOnPages = ofKinds(kinds => [...servedKinds(kinds), oldAutoscalerKind, ...reviewKinds])

const anonymous: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] }

/** Answers one request: who is it, may they, then the page or resource. Never rejects. */
export async function dispatch(
  context: Context,
  exchange: Exchange,
  as?: { path: string; user: User },
): Promise<void> {
  const { request, response } = exchange
  let failure: Failure | undefined
  try {
    identifyExchange(exchange)
    failure = await meetFault(context, request, as?.path)
    if (failure === 'hang' || failure === 'reset-before') return void loseAnswer(exchange, failure)
    const proxied = answerOfProxy(failure)
    if (proxied) return void sendReply(exchange, proxied)
    const url = new URL(as?.path ?? request.url ?? '/', 'https://localhost')
    const user = as?.user ?? identify(context, request, url.pathname)
    const { searchParams: query, search } = url
    const call: Call = { ...context, ...exchange, user, query, search, failure }
    checkTimeout(call.query)
    const reply = await answer(call, url.pathname)
    if (reply) sendReply(exchange, reply, failure)
  } catch (error) {
    sendError(exchange, error, failure)
  } finally {
    if (response.statusCode === 401) record(context, request, 'unauthorized', false, 401)
  }
}

/** The user that a request acts for. Throws 401, or 403 for an impersonation that is not allowed. */
export function identify(context: Context, request: IncomingMessage, path: string): User {
  const { isPublic = isPublicPage } = context.options
  if (isPublic(path) && !request.headers.authorization) return anonymous
  const user = authenticate(request, context)
  const other = impersonated(request)
  if (!other) return user
  authorize(user, { verb: 'impersonate', resource: 'users', name: other.name }, context.store)
  return other
}

async function answer(call: Call, path: string): Promise<Reply | undefined> {
  const { options, store, user, request } = call
  const method = request.method ?? 'GET'
  const asked = findReview(path)
  if (asked) {
    record(call, request, `create ${asked.review.plural}`, false, 201)
    return serveReview(call, asked)
  }
  const target = parseTarget(path)
  if (target.type === 'page') {
    if (!isPublicPage(target.path)) authorize(user, { verb: method.toLowerCase(), path: target.path }, store)
    record(call, request, `${method.toLowerCase()} ${target.path}`, false, 200)
    if (method !== 'GET' && method !== 'HEAD') throw methodNotAllowed()
    const page = { path: target.path, accept: request.headers.accept ?? '' }
    const reply = servePage(page, options, kindsOnPages(store.kinds()))
    if (reply) return reply
    throw unknownPage
  }
  const isOld = isOldAutoscaler(target)
  const resourceCall = readResourceCall(call, isOld ? { ...target, version: 'v2' } : target)
  permit(resourceCall)
  const reply = await (isOld ? serveOldAutoscaler : serve)(resourceCall).catch(error => {
    recordResource(resourceCall, error instanceof StatusError ? error.body.code : 500)
    throw error
  })
  recordResource(resourceCall, reply?.code ?? 200)
  return reply
}

function serve(call: ResourceCall): Promise<Reply | undefined> {
  if (call.target.subresource !== 'proxy') return serveResource(call)
  return leadsToApp(call) ? proxyToApp(call) : serveProxy(call)
}

/** Authorization, then whatever the world has in store for the request. */
export function permit(call: ResourceCall): void {
  const { user, store, options, target, verb } = call
  try {
    authorize(user, { ...target, resource: target.plural, verb }, store)
    const refusal = options.intercept?.(summaryOf(call))
    if (refusal) throw refusal
  } catch (error) {
    if (error instanceof StatusError) recordResource(call, error.body.code)
    throw error
  }
}

async function serveProxy({
  options,
  target,
  kind,
  request,
  response,
  search,
  user,
}: ResourceCall): Promise<undefined> {
  const server = options.proxy?.(resourceName(kind), target.name ?? '')
  if (!server) throw pageNotFound()
  await server.serve(request, response, { path: `${target.rest || '/'}${search}`, user })
}

function summaryOf({ kind, target, verb, user }: ResourceCall): RequestSummary {
  const { namespace, name, subresource } = target
  return { verb, resource: resourceName(kind), user, namespace, name, subresource }
}

const reading = new Set(['get', 'list', 'watch'])

/** Notes a call in the request log as `VERB RESOURCE/SUBRESOURCE`, and whether it changes anything. */
export function recordResource(call: ResourceCall, status: number): void {
  const { kind, target, verb, request } = call
  const resource = resourceName(kind) + (target.subresource ? `/${target.subresource}` : '')
  record(call, request, `${verb} ${resource}`, !reading.has(verb), status)
}

function record(
  { options }: Pick<Context, 'options'>,
  request: IncomingMessage,
  operation: string,
  write: boolean,
  status: number,
): void {
  const client = clientOf(request.headers['user-agent'])
  options.world.requests.record({ client, service: options.userAgentService, operation, write, status })
}
