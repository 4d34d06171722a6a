import type { KubeConfig } from '@kubernetes/client-node/dist/config.js'
import { type Environment, namedProxy, proxyFor } from '@meridian/runner'
import { loadClientConfig } from '../kubeconfig/client-config.ts'
import { contextParts, type Kubeconfig, onlyContext, parseKubeconfig } from '../kubeconfig/kubeconfig.ts'
import { type KubeObject, type ObjectRef, type ObjectType, refOf } from '../objects/object.ts'
import { watchChanges } from './changes.ts'
import { createDiscovery, type Discovery, resourcePath } from './discovery.ts'
import { foreignAnswer, isNotFound, KubeError } from './errors.ts'
import { exchange, type Wire } from './exchange.ts'
import type { Kube, ListOptions, RequestOptions } from './kube.ts'
import { openChannel } from './open-channel.ts'

export type ConnectOptions = {
  context: string
  userAgent: string
  signal: AbortSignal
  /** Whose proxy variables are honoured where the kubeconfig names no proxy. */
  env: Environment
}

/** Owns the fields that this project sets, on every object. */
const fieldManager = 'meridian'
const requestMilliseconds = 30_000
const pageSize = '500'

/** Connects to a context of a kubeconfig. Nothing is sent yet; throws when the context is not whole. */
export function connectKube(given: Kubeconfig | string, options: ConnectOptions): Kube {
  const kubeconfig = onlyContext(typeof given === 'string' ? parseKubeconfig(given) : given, options.context)
  const { cluster } = contextParts(kubeconfig, options.context)
  const server = cluster.server.replace(/\/$/, '')
  const { userAgent, signal, env } = options
  const own = cluster['proxy-url']
  const proxy = own ? namedProxy(own, `proxy-url of the context ${options.context}`) : proxyFor(env, server)
  let loading: Promise<KubeConfig> | undefined
  const config: Wire['config'] = anew => {
    if (anew) loading = undefined
    loading ??= loadClientConfig(kubeconfig, proxy)
    return loading
  }
  const wire: Wire = { kubeconfig, config, proxy, server, userAgent, signal, clockAhead: 0 }
  const request: Kube['request'] = (method, path, how = {}) => send(wire, method, path, how)
  const discovery = createDiscovery(server, path => request('GET', path))
  const pathsOf = (of: Parameters<Kube['changes']>[0]) =>
    Promise.all(
      of.map(async ({ namespace, ...type }) => resourcePath(type, await discovery.find(type), { namespace })),
    )
  return {
    context: options.context,
    kubeconfig,
    serverTime: () => Date.now() + wire.clockAhead,
    ...callsOf(server, request, discovery),
    changes: of => watchChanges(wire, () => pathsOf(of)),
    openChannel: (path, receive) => openChannel(wire, path, receive),
  }
}

/** An API that is reached through another, which has the only kubeconfig. */
export type InnerKube = Omit<Kube, 'kubeconfig' | 'openChannel' | 'changes'>

/** The API to which `outer` passes on what it is asked below a path, as a federation does to its members. */
export function connectBehind(
  { server, request, serverTime }: Pick<Kube, 'server' | 'request' | 'serverTime'>,
  context: string,
  path: string,
): InnerKube {
  const pass: Kube['request'] = (method, at, how) => request(method, `${path}${at}`, how)
  const url = `${server}${path}`
  return {
    context,
    serverTime,
    ...callsOf(
      url,
      pass,
      createDiscovery(url, at => pass('GET', at)),
    ),
  }
}

function callsOf(
  server: string,
  request: Kube['request'],
  discovery: Discovery,
): Omit<InnerKube, 'context' | 'serverTime'> {
  const requestObject = requestObjects(server, request)
  return {
    server,
    request,
    isNamespaced: async type => (await discovery.find(type)).namespaced,
    ...readCalls(server, requestObject, discovery),
    ...writeCalls(requestObject, discovery),
  }
}

/** A request whose answer must be an object of the API; what is none is a KubeError, and proves nothing. */
type ObjectRequest = <T extends { kind: string }>(
  method: string,
  path: string,
  options?: RequestOptions & { expect?: (kind: string) => boolean },
) => Promise<T>

function requestObjects(server: string, request: Kube['request']): ObjectRequest {
  return async (method, path, { expect = () => true, ...how } = {}) => {
    const answer: unknown = await request(method, path, how)
    const { kind, apiVersion } = (
      typeof answer === 'object' && answer !== null ? answer : {}
    ) as Partial<KubeObject>
    if (typeof kind === 'string' && typeof apiVersion === 'string' && expect(kind)) return answer as never
    const words = answer === '' ? 'with an empty body' : 'with what is not asked for'
    throw foreignAnswer(server, `${method} ${server}${path}`, words)
  }
}

async function send<T>(wire: Wire, method: string, path: string, how: RequestOptions): Promise<T> {
  const query = new URLSearchParams(how.query).toString()
  const answer = await exchange(wire, {
    method,
    path: query === '' ? path : `${path}?${query}`,
    headers: {
      accept: how.accept ?? 'application/json',
      ...(how.body !== undefined && { 'content-type': how.contentType ?? 'application/json' }),
    },
    ...(how.body !== undefined && { body: JSON.stringify(how.body) }),
    timeout: how.timeout ?? requestMilliseconds,
    repeatable: how.repeatable ?? method === 'GET',
  })
  return answer as T
}

async function pathOf(discovery: Discovery, ref: ObjectRef): Promise<string> {
  return resourcePath(ref, await discovery.find(ref), ref)
}

/** A missing object is an answer; a kind that the server lacks is not. */
async function absentAsUndefined<T>(call: Promise<T>): Promise<T | undefined> {
  return call.catch(error => {
    if (isNotFound(error)) return undefined
    throw error
  })
}

function readCalls(server: string, request: ObjectRequest, discovery: Discovery): Pick<Kube, 'get' | 'list'> {
  return {
    async get(ref) {
      const path = await pathOf(discovery, ref)
      return absentAsUndefined(request('GET', path, { expect: kind => kind === ref.kind }))
    },
    async list<T extends KubeObject>(type: ObjectType, options: ListOptions = {}) {
      const path = resourcePath(type, await discovery.find(type), { namespace: options.namespace })
      const readPage = async (query: Record<string, string>) => {
        const expect = (kind: string) => kind.endsWith('List')
        const page: ListPage<T> = await request('GET', path, { query, expect, ...acceptOf(options) })
        if (!Array.isArray(page.items))
          throw foreignAnswer(server, `GET ${server}${path}`, 'with half a list')
        // Items of a list do not repeat what the list says of all of them.
        const { apiVersion, kind } = type
        const items = page.items.map(item => ({ ...withoutOwners(item, options), apiVersion, kind }))
        return { items, next: page.metadata?.continue || undefined }
      }
      try {
        return await readPages(next => readPage({ ...listQuery(options), limit: pageSize, ...next }))
      } catch (error) {
        if (!isExpired(error)) throw error
        return (await readPage(listQuery(options))).items
      }
    },
  }
}

async function readPages<T>(
  readPage: (next: { continue?: string }) => Promise<{ items: T[]; next: string | undefined }>,
): Promise<T[]> {
  const items: T[] = []
  for (let next: { continue?: string } | undefined = {}; next !== undefined; ) {
    const page = await readPage(next)
    items.push(...page.items)
    next = page.next === undefined ? undefined : { continue: page.next }
  }
  return items
}

/** The state of which the pages were is not kept any more: it is read at once, as `kubectl` does it. */
function isExpired(error: unknown): boolean {
  return error instanceof KubeError && error.status === 410
}

/** Who owns which field is half of many an object. */
function withoutOwners<T extends KubeObject>(item: T, { without }: ListOptions): T {
  if (without === undefined) return item
  const { managedFields: _, ...metadata } = item.metadata as KubeObject['metadata'] & {
    managedFields?: unknown
  }
  return { ...item, metadata }
}

type ListPage<T> = { kind: string; apiVersion: string; items: T[]; metadata?: { continue?: string } }

function acceptOf({ only }: ListOptions): Pick<RequestOptions, 'accept'> {
  if (only === undefined) return {}
  return { accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json' }
}

function listQuery({ labels = {}, labelled, fieldSelector }: ListOptions): Record<string, string> {
  const selectors = Object.entries(labels).map(([key, value]) => `${key}=${value}`)
  if (labelled) selectors.push(`${labelled.label} in (${labelled.oneOf})`)
  return {
    ...(selectors.length > 0 && { labelSelector: selectors.join(',') }),
    ...(fieldSelector && { fieldSelector }),
  }
}

/** etcd counts from 1 what it writes first of all, which is no object. */
const versionOfNothing = '1'

/**
 * What an apply insists on. It makes an object that is not there whatever its version says, and of one that is there the
 * version must be right.
 */
function insistOn(object: KubeObject, over: KubeObject | 'nothing'): KubeObject {
  const version = over === 'nothing' ? { resourceVersion: versionOfNothing } : versionOf(over)
  return { ...object, metadata: { ...object.metadata, ...version } }
}

function versionOf({ metadata }: KubeObject): { uid?: string; resourceVersion?: string } {
  const { uid, resourceVersion } = metadata
  return { ...(uid !== undefined && { uid }), ...(resourceVersion !== undefined && { resourceVersion }) }
}

function writeCalls(
  request: ObjectRequest,
  discovery: Discovery,
): Pick<Kube, 'apply' | 'create' | 'patch' | 'remove'> {
  return {
    async apply(object, options = {}) {
      const query = {
        fieldManager,
        ...(options.force && { force: 'true' }),
        ...(options.dryRun && { dryRun: 'All' }),
      }
      return request('PATCH', await pathOf(discovery, refOf(object)), {
        query,
        body: options.over === undefined ? object : insistOn(object, options.over),
        contentType: 'application/apply-patch+yaml',
        // Applying the same object again changes nothing.
        repeatable: true,
      })
    },
    async create(object) {
      const { namespace } = object.metadata
      const path = resourcePath(object, await discovery.find(object), { namespace })
      return request('POST', path, { query: { fieldManager }, body: object })
    },
    async patch(ref, body, type) {
      const path = await pathOf(discovery, ref)
      const contentType = `application/${type === 'merge' ? 'merge' : 'json'}-patch+json`
      return absentAsUndefined(
        request('PATCH', path, {
          query: { fieldManager },
          body,
          contentType,
          repeatable: type === 'merge',
        }),
      )
    },
    async remove(ref, options = {}) {
      const path = await pathOf(discovery, ref)
      const { propagation: propagationPolicy, over } = options
      const preconditions = over && versionOf(over)
      const body = { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy, preconditions }
      const answer = await absentAsUndefined(request('DELETE', path, { body, repeatable: true }))
      return answer !== undefined
    },
  }
}
