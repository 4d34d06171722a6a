import { parse } from 'yaml'

export type ClusterEntry = {
  server: string
  'certificate-authority-data'?: string
  'certificate-authority'?: string
  'insecure-skip-tls-verify'?: boolean
  'tls-server-name'?: string
  'proxy-url'?: string
}

export type UserEntry = {
  'client-certificate-data'?: string
  'client-certificate'?: string
  'client-key-data'?: string
  'client-key'?: string
  token?: string
  /** A file that is read again and again, so that the token in it may change; it comes before `token`. */
  tokenFile?: string
  /** Whom the user acts for (impersonation). */
  as?: string
  'as-uid'?: string
  'as-groups'?: string[]
  'as-user-extra'?: Record<string, string[]>
  username?: string
  password?: string
  exec?: unknown
  'auth-provider'?: unknown
  [field: string]: unknown
}

type ContextEntry = { cluster: string; user: string; namespace?: string }

export type Kubeconfig = {
  apiVersion: 'v1'
  kind: 'Config'
  clusters: { name: string; cluster: ClusterEntry }[]
  users: { name: string; user: UserEntry }[]
  contexts: { name: string; context: ContextEntry }[]
  'current-context': string
}

const empty: Kubeconfig = {
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [],
  users: [],
  contexts: [],
  'current-context': '',
}

/** Reads the YAML or JSON of a kubeconfig; throws an Error that says what is missing. */
export function parseKubeconfig(text: string): Kubeconfig {
  const value: unknown = parse(text, { maxAliasCount: 20, logLevel: 'error' }) ?? {}
  if (typeof value !== 'object' || Array.isArray(value)) throw new Error('a kubeconfig must be a mapping')
  const config = { ...empty, ...value } as Kubeconfig
  for (const list of ['clusters', 'users', 'contexts'] as const) {
    const entries: unknown = config[list] ?? []
    if (!Array.isArray(entries)) throw new Error(`${list} of a kubeconfig must be a list`)
    const nameless = entries.findIndex(entry => typeof entry?.name !== 'string')
    if (nameless >= 0) throw new Error(`${list}[${nameless}] of the kubeconfig has no name`)
    Object.assign(config, { [list]: entries })
  }
  return config
}

/** The names of its contexts, in its order. */
export function contextNames(config: Kubeconfig): string[] {
  return config.contexts.map(context => context.name)
}

/** Whether it has a context of this name. */
export function hasContext(config: Kubeconfig, context: string): boolean {
  return contextNames(config).includes(context)
}

/** The cluster and user that a context stands for; throws when one of the three is not there. */
export function contextParts(
  config: Kubeconfig,
  name: string,
): { cluster: ClusterEntry; user: UserEntry; namespace: string | undefined } {
  const context = config.contexts.find(entry => entry.name === name)?.context
  if (context === undefined)
    throw new Error(`there is no context '${name}', only ${contextNames(config).join(', ') || 'none'}`)
  const cluster = config.clusters.find(entry => entry.name === context.cluster)?.cluster
  const user = config.users.find(entry => entry.name === context.user)?.user
  if (cluster === undefined || user === undefined) {
    throw new Error(
      `context '${name}' refers to ${cluster ? `user '${context.user}'` : `cluster '${context.cluster}'`}, which is not there`,
    )
  }
  return { cluster, user, namespace: context.namespace }
}

/** A kubeconfig of one context; cluster and user bear its name. `ca`, `cert` and `key` are PEM. */
export function buildKubeconfig(parts: {
  context: string
  server: string
  ca?: string
  cert?: string
  key?: string
  token?: string
  tokenFile?: string
  tlsServerName?: string | undefined
  proxyUrl?: string | undefined
}): Kubeconfig {
  const cluster: ClusterEntry = {
    server: parts.server,
    ...(parts.ca !== undefined && { 'certificate-authority-data': toBase64(parts.ca) }),
    ...(parts.tlsServerName !== undefined && { 'tls-server-name': parts.tlsServerName }),
    ...(parts.proxyUrl !== undefined && { 'proxy-url': parts.proxyUrl }),
  }
  const user: UserEntry = {
    ...(parts.cert !== undefined && { 'client-certificate-data': toBase64(parts.cert) }),
    ...(parts.key !== undefined && { 'client-key-data': toBase64(parts.key) }),
    ...(parts.token !== undefined && { token: parts.token }),
    ...(parts.tokenFile !== undefined && { tokenFile: parts.tokenFile }),
  }
  return ofOneContext(parts.context, cluster, user)
}

/** Only the named context, with its cluster and user under the same name, and current. */
export function onlyContext(config: Kubeconfig, name: string): Kubeconfig {
  const { cluster, user, namespace } = contextParts(config, name)
  return ofOneContext(name, cluster, user, namespace)
}

/**
 * Gives a context another name, and its cluster and user with it: merged files then cannot clash, as they do
 * when two kubeconfigs both call their user `admin`.
 */
export function renameContext(config: Kubeconfig, from: string, to: string): Kubeconfig {
  const { cluster, user, namespace } = contextParts(config, from)
  const rest: Kubeconfig = {
    ...config,
    contexts: config.contexts.filter(entry => entry.name !== from && entry.name !== to),
  }
  const renamed = mergeKubeconfigs(rest, ofOneContext(to, cluster, user, namespace))
  return {
    ...renamed,
    'current-context': config['current-context'] === from ? to : config['current-context'],
  }
}

/** Both together; where a name is in both, `added` wins. Its current context becomes current unless it has none. */
export function mergeKubeconfigs(base: Kubeconfig, added: Kubeconfig): Kubeconfig {
  return {
    ...empty,
    clusters: mergeByName(base.clusters, added.clusters),
    users: mergeByName(base.users, added.users),
    contexts: mergeByName(base.contexts, added.contexts),
    'current-context': added['current-context'] || base['current-context'],
  }
}

function mergeByName<T extends { name: string }>(base: T[], added: T[]): T[] {
  const names = new Set(added.map(entry => entry.name))
  return [...base.filter(entry => !names.has(entry.name)), ...added]
}

function ofOneContext(name: string, cluster: ClusterEntry, user: UserEntry, namespace?: string): Kubeconfig {
  return {
    ...empty,
    clusters: [{ name, cluster }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name, ...(namespace && { namespace }) } }],
    'current-context': name,
  }
}

function toBase64(pem: string): string {
  return Buffer.from(pem).toString('base64')
}
