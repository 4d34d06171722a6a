import { ToolError } from '../terminal.ts'
import type { StateStore } from './store.ts'

const files = ['config', 'cluster.spec', 'cluster-completed.spec', 'kops-version.txt']
const folders = [
  'addons',
  'clusteraddons',
  'pki',
  'secrets',
  'instancegroup',
  'igconfig',
  'manifests',
  'backups',
]

/** Removes a cluster from the state store; refuses if its folder holds anything that is not kops'. */
export async function unregister(store: StateStore, name: string): Promise<void> {
  const paths = await store.list(`${name}/`)
  const unknown = paths.find(path => !isKnown(path.slice(name.length + 1)))
  if (unknown !== undefined) {
    throw new ToolError(`refusing to delete: unknown file found: ${store.base}/${unknown}`)
  }
  await store.remove(paths)
}

/** Whether kops knows a path, relative to the cluster's folder. */
export function isKnown(path: string): boolean {
  return files.includes(path) || folders.some(folder => path.startsWith(`${folder}/`))
}
