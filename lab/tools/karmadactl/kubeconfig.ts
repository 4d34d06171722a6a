import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { parse } from 'yaml'
import type { Environment } from '../command.ts'
import { ToolError } from '../terminal.ts'

/** How to reach a Kubernetes API and as whom; certificates and keys are PEM. */
export type Connection = {
  server: string
  authority?: string
  certificate?: string
  key?: string
  token?: string
  /** The name to verify instead of the server's own. */
  serverName?: string
  proxy?: string
}

type Entry<Key extends string> = { name: string } & { [key in Key]?: Record<string, string> }
type Kubeconfig = {
  clusters?: Entry<'cluster'>[]
  contexts?: Entry<'context'>[]
  users?: Entry<'user'>[]
  'current-context'?: string
}

/** Finds a context in the file that is given, else in $KUBECONFIG, else in the home. Throws `ToolError`. */
export async function readConnection(path: string, context: string, env: Environment): Promise<Connection> {
  const given = path === '' ? (env.KUBECONFIG ?? '').split(delimiter).filter(Boolean) : [path]
  const paths = given.length > 0 ? given : [join(env.HOME ?? homedir(), '.kube', 'config')]
  const files = await Promise.all(paths.map(file => load(file)))
  const { tokenFile, ...connection } = pickConnection(files, context)
  if (tokenFile === undefined) return connection
  // It comes before `token`; the real one reads it again each minute.
  return { ...connection, token: (await readFile(tokenFile, 'utf8')).trim() }
}

async function load(path: string): Promise<Kubeconfig> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new ToolError(`stat ${path}: no such file or directory`)
  })
  return parse(text) ?? {}
}

type Picked = Connection & { tokenFile?: string }

function pickConnection(files: readonly Kubeconfig[], wanted: string): Picked {
  const name = wanted || (files.map(file => file['current-context']).find(Boolean) ?? '')
  const context = files.flatMap(file => file.contexts ?? []).find(entry => entry.name === name)?.context
  if (!context) throw new ToolError(`context ${JSON.stringify(name)} does not exist`)
  const cluster = files
    .flatMap(file => file.clusters ?? [])
    .find(entry => entry.name === context.cluster)?.cluster
  const user = files.flatMap(file => file.users ?? []).find(entry => entry.name === context.user)?.user ?? {}
  if (!cluster?.server) throw new ToolError(`no server found for cluster ${JSON.stringify(context.cluster)}`)
  return {
    server: cluster.server,
    ...decoded('authority', cluster['certificate-authority-data']),
    ...decoded('certificate', user['client-certificate-data']),
    ...decoded('key', user['client-key-data']),
    ...(user.token && { token: user.token }),
    ...(user.tokenFile && { tokenFile: user.tokenFile }),
    ...(cluster['tls-server-name'] && { serverName: cluster['tls-server-name'] }),
    ...(cluster['proxy-url'] && { proxy: cluster['proxy-url'] }),
  }
}

function decoded(field: keyof Connection, base64: string | undefined): Partial<Connection> {
  return base64 === undefined ? {} : { [field]: Buffer.from(base64, 'base64').toString('utf8') }
}
