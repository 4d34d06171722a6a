import { claimKey, clusterFolder, leaseKey } from '@meridian/identity'
import { listStrays, listUnder, type Store } from '@meridian/state'

/** What lies in a store, by one listing of it. */
export type Surroundings = {
  /** Names of objects and folders that are not the cluster's. */
  readonly neighbours: readonly string[]
  /** A lease on the cluster, held or left behind. */
  readonly lease: boolean
  /** Something in kops' folder of the cluster. */
  readonly folder: boolean
  /** What lies in that folder and is not kops': somebody else's. */
  readonly strays: readonly string[]
}

/** What is in a store of one cluster, and beside it. */
export async function readSurroundings(store: Store, fullName: string): Promise<Surroundings> {
  const { keys, folders } = await listUnder(store, store.path === '' ? '' : `${store.path}/`)
  const [folder, lease, claim] = [clusterFolder, leaseKey, claimKey].map(name => name(store, fullName))
  const there = folders.some(name => name === folder)
  return {
    neighbours: [...folders, ...keys].filter(name => ![folder, lease, claim].includes(name)),
    lease: keys.some(key => key === lease),
    folder: there,
    strays: there ? await listStrays(store, fullName) : [],
  }
}

/** Full names of the clusters that seem to share a store: who has a lease, a claim or a folder with kops' name. */
export function describeNeighbours(neighbours: readonly string[], most = 5): string {
  const more = neighbours.length > most ? ` and ${neighbours.length - most} more` : ''
  return `${neighbours.slice(0, most).join(', ')}${more}`
}
