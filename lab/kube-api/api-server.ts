import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { World } from '@meridian/lab-world'
import type { Kind } from './kind.ts'
import type { KubeObject } from './objects.ts'
import type { StatusError } from './status-error.ts'
import type { Store } from './store.ts'
import type { User } from './user.ts'

/** Whom bearer tokens stand for, and whether one still does; a token that does not say so is good for ever. */
export type Tokens = ReadonlyMap<string, User & { isGood?: () => boolean }>

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection'

/** Opens a connection to a port of a pod; undefined for a pod that does not listen there. */
export type Dial = (namespace: string, pod: string, port: number) => Duplex | undefined

/** A request as a hook sees it; `resource` is the plural with its group, '' for paths without one. */
export type RequestSummary = {
  verb: Verb
  resource: string
  subresource?: string
  namespace?: string
  name?: string
  user: User
}

export type ApiServerOptions = {
  world: {
    requests: Pick<World['requests'], 'record'>
    faults?: Pick<World['faults'], 'requests'>
    clock?: Pick<World['clock'], 'sleep'>
    secrets?: Pick<World['secrets'], 'add'>
  }
  /** Full name of the cluster, for messages. */
  name: string
  kinds: readonly Kind[]
  /** PEM. */
  tls: { key: string; cert: string }
  /** PEM of the authority that client certificates must come from. */
  clientAuthority: string
  /** Whom a bearer token stands for that none of its own accounts has; undefined for nobody. */
  authenticate?: (token: string) => User | undefined
  /** Pages for which nobody needs credentials; health and version by default. */
  isPublic?: (path: string) => boolean
  /** The service that requests are recorded under. */
  userAgentService: 'kubernetes' | 'karmada'
  /** With the `v`: `v1.35.7`. */
  version: string
  /** How pods are reached: by port-forwards, and by the proxies of pods and services. */
  dial?: Dial
  /** What a container has printed. */
  logs?: (namespace: string, pod: string, container: string) => string | undefined
  /** The server behind the `proxy` subresource of an object (`clusters/usa/proxy/…`). */
  proxy?: (resource: string, name: string) => Pick<ApiServer, 'serve'> | undefined
  /**
   * The local TCP port behind the address of a webhook; undefined for a host that nobody knows. Registered webhooks are
   * called where this is given.
   */
  webhooks?: (host: string, port: number) => number | undefined
  /** What the webhook of somebody else makes of an object that is being created, seen before all that are registered. */
  amend?: (object: KubeObject) => KubeObject
  /** Refuses a request that would otherwise be answered; for faults. */
  intercept?: (request: RequestSummary) => StatusError | undefined
  /** Namespaces get a ServiceAccount `default` and a ConfigMap `kube-root-ca.crt`; default true. */
  serviceAccounts?: boolean
}

export type ApiServer = {
  name: string
  /** On 127.0.0.1. */
  port: number
  store: Store
  /** Bearer tokens. */
  tokens: Map<string, User & { isGood?: () => boolean }>
  /** Answers a request in the name of a user, as if it had come to `path` (with query) of this server. */
  serve(request: IncomingMessage, response: ServerResponse, as: { path: string; user: User }): Promise<void>
  /** Serves with another certificate from now on, and trusts these authorities. */
  renew(tls: { key: string; cert: string }, clientAuthority: string): void
  /** Cuts every connection, watches and port-forwards included; new ones are welcome. */
  cut(): void
  /** Cuts every connection and listens no more. */
  close(): Promise<void>
}
