import { parse, stringify } from 'yaml'
import { ToolError } from '../terminal.ts'
import type { Cluster, InstanceGroup } from './cluster-object.ts'
import type { StateStore } from './store.ts'

/** The cluster's `config`, or undefined if the store has none of that name; throws for what is no cluster. */
export async function findCluster(store: StateStore, name: string): Promise<Cluster | undefined> {
  const place = `${store.base}/${name}/config`
  const failed = (doing: string, why: string) =>
    new ToolError(`error reading cluster configuration "${name}": error ${doing} ${place}: ${why}`)
  const text = await store.read(`${name}/config`).catch(error => {
    throw error instanceof ToolError ? failed('reading', error.message) : error
  })
  if (text === undefined) return undefined
  const object = readObject(text)
  if (object?.kind === 'Cluster' && object.metadata) return object
  throw failed('parsing', `Object 'Kind' is missing in '${text.slice(0, 200)}'`)
}

function readObject(text: string): Cluster | undefined {
  try {
    const object: unknown = parse(text)
    return typeof object === 'object' && object !== null ? (object as Cluster) : undefined
  } catch {
    return undefined
  }
}

/** Like `findCluster`, but a missing cluster is an error, in the words of most of kops' commands. */
export async function readCluster(store: StateStore, name: string): Promise<Cluster> {
  const cluster = await findCluster(store, name)
  if (cluster) return cluster
  throw new ToolError(`error reading cluster configuration: ${notFound(name)}`)
}

/** The words of the API machinery for a cluster that is not there. */
export function notFound(name: string): string {
  return `Cluster.kops.k8s.io "${name}" not found`
}

/**
 * Every cluster of the store, by name: whatever lies in a `config`, however deep. What cannot be loaded is passed over
 * with a warning, and a cluster of a deeper folder keeps the name in its object.
 */
export async function listClusters(store: StateStore, warn: (message: string) => void): Promise<Cluster[]> {
  const paths = await store.list('')
  const names = paths.filter(path => path.endsWith('/config')).map(path => path.slice(0, -'/config'.length))
  const found = await Promise.all(names.map(name => findCluster(store, name).catch(asWarning)))
  return found.flatMap((cluster, index) => {
    const name = names[index]
    if (cluster instanceof ToolError) {
      warn(`cluster "${name}" found in state store listing, but cannot be loaded: ${cluster.message}`)
      return []
    }
    if (cluster && cluster.metadata.name !== name)
      warn(`Name of cluster does not match: "${cluster.metadata.name}" vs "${name}"`)
    return cluster ?? []
  })
}

function asWarning(error: unknown): ToolError {
  if (error instanceof ToolError) return error
  throw error
}

/** The instance groups of a cluster, by name: control planes first, as their names sort. */
export async function readInstanceGroups(store: StateStore, name: string): Promise<InstanceGroup[]> {
  const paths = await store.list(`${name}/instancegroup/`)
  const texts = await Promise.all(paths.map(path => store.read(path)))
  return texts.filter(text => text !== undefined).map(text => parse(text))
}

/** An object as kops writes it into the state store or prints it. */
export function toYaml(object: unknown): string {
  return stringify(object, { lineWidth: 0, indentSeq: false, nullStr: 'null' })
}
