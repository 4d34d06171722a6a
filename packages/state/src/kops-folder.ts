import { clusterFolder } from '@meridian/identity'
import { listUnder, type Store } from './store.ts'

const files = ['config', 'cluster.spec', 'cluster-completed.spec', 'kops-version.txt']
const folders = [
  'addons',
  'backups',
  'clusteraddons',
  'igconfig',
  'instancegroup',
  'manifests',
  'pki',
  'secrets',
]

/**
 * Whether kops itself makes what is called so in a cluster's folder, by the list by which it refuses to delete anything
 * else. `path` is relative to the folder; that of a folder ends in a slash. Pure.
 */
export function isOfKops(path: string): boolean {
  return files.includes(path) || folders.some(folder => path.startsWith(`${folder}/`))
}

/**
 * What lies in a cluster's folder and is not kops': keys, and folders with their final slash. It is somebody else's, as
 * where their state store has a path that is called like the cluster.
 */
export async function listStrays(store: Store, fullName: string): Promise<string[]> {
  const folder = clusterFolder(store, fullName)
  const { keys, folders: inside } = await listUnder(store, folder)
  return [...inside, ...keys].filter(name => name !== folder && !isOfKops(name.slice(folder.length)))
}
