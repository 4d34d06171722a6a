import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { parse } from 'yaml'
import type { Environment } from '../command.ts'
import { ToolError } from '../terminal.ts'
import { toYaml } from './registry.ts'

type Named<Key extends string> = { name: string } & { [key in Key]: Record<string, unknown> }
type Kubeconfig = {
  apiVersion: 'v1'
  clusters: Named<'cluster'>[]
  contexts: Named<'context'>[]
  'current-context': string
  kind: 'Config'
  users: Named<'user'>[]
  [field: string]: unknown
}

/** What a cluster's context consists of; without `user` the user entry stays as it is. */
export type ContextParts = {
  name: string
  cluster: Record<string, unknown>
  user?: Record<string, unknown>
  userName?: string
}

/** The file that is written when none is named: the first of $KUBECONFIG, else the home's. */
export function defaultKubeconfig(env: Environment): string {
  const [first] = (env.KUBECONFIG ?? '').split(delimiter).filter(Boolean)
  return first ?? join(env.HOME ?? homedir(), '.kube', 'config')
}

/** Whether the file has a context of that name. */
export async function hasContext(path: string, name: string): Promise<boolean> {
  const config = await load(path)
  return config.contexts.some(context => context.name === name)
}

/** Writes cluster, user and context of one name into the file, keeping the others, and makes it current. */
export async function writeContext(
  path: string,
  { name, cluster, user, userName = name }: ContextParts,
): Promise<void> {
  await change(path, config => ({
    ...config,
    clusters: put(config.clusters, { name, cluster }),
    contexts: put(config.contexts, { name, context: { cluster: name, user: userName } }),
    'current-context': name,
    users: user ? put(config.users, { name, user }) : config.users,
  }))
}

/** Removes what `writeContext` wrote. False if the file has nothing in it. */
export async function removeContext(path: string, name: string): Promise<boolean> {
  const before = await load(path)
  if (before.clusters.length + before.contexts.length + before.users.length === 0) return false
  const without = <T extends { name: string }>(list: readonly T[]) =>
    list.filter(entry => entry.name !== name)
  await change(path, config => ({
    ...config,
    clusters: without(config.clusters),
    contexts: without(config.contexts),
    'current-context': config['current-context'] === name ? '' : config['current-context'],
    users: without(config.users),
  }))
  return true
}

async function load(path: string): Promise<Kubeconfig> {
  const empty: Kubeconfig = {
    apiVersion: 'v1',
    clusters: [],
    contexts: [],
    'current-context': '',
    kind: 'Config',
    users: [],
  }
  const text = await readFile(path, 'utf8').catch(error => {
    if (error.code === 'ENOENT') return ''
    throw new ToolError(`error reading kubeconfig: ${error.message}`)
  })
  const given = Object.entries(parse(text) ?? {}).filter(([, value]) => value !== null)
  return { ...empty, ...Object.fromEntries(given) }
}

// client-go takes a lock file and does not wait for it: two tools on one file fail rather than lose entries.
async function change(path: string, edit: (config: Kubeconfig) => Kubeconfig): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const lock = `${path}.lock`
  const held = await open(lock, 'wx').catch(() => undefined)
  if (!held) throw new ToolError(`error writing kubeconfig: open ${lock}: file exists`)
  try {
    const temporary = `${path}.${process.pid}`
    await writeFile(temporary, toYaml(edit(await load(path))), { mode: 0o600 })
    await rename(temporary, path)
  } finally {
    await held.close()
    await rm(lock, { force: true })
  }
}

function put<T extends { name: string }>(list: readonly T[], entry: T): T[] {
  const others = list.filter(({ name }) => name !== entry.name)
  return [...others, entry].sort((a, b) => (a.name < b.name ? -1 : 1))
}
