import { parse, stringify } from 'yaml'
import { ToolError } from '../terminal.ts'
import type { Cluster, InstanceGroup } from './cluster-object.ts'
import type { StateStore } from './state-store.ts'

/** The cluster's `config`, or undefined if the store has none of that name. */
export async function findCluster(store: StateStore, name: string): Promise<Cluster | undefined> {
  try {
    const text = await store.read(`${name}/config`)
    return text === undefined ? undefined : parse(text)
  } catch (error) {
    if (!(error instanceof ToolError)) throw error
    const place = `error reading ${store.base}/${name}/config`
    throw new ToolError(`error reading cluster configuration "${name}": ${place}: ${error.message}`)
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

/** Every cluster of the store, by name. */
export async function listClusters(store: StateStore): Promise<Cluster[]> {
  const paths = await store.list('')
  const names = paths
    .filter(path => /^[^/]+\/config$/.test(path))
    .map(path => path.slice(0, -'/config'.length))
  const clusters = await Promise.all(names.map(name => findCluster(store, name)))
  return clusters.filter(cluster => cluster !== undefined)
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
