import { clusterFolder, judgeClaim, makeMark } from '@meridian/identity'
import {
  acquireLease,
  type ClusterState,
  readClusterClaim,
  type Store,
  writeClusterClaim,
} from '../src/index.ts'
import { fullName, identity, put, remove, type useStores } from './use-stores.ts'

export type Made = Awaited<ReturnType<ReturnType<typeof useStores>['makeOwn']>>

/** A cluster's state as it is when kops has deleted the cluster: leftovers of its folder, claim and lease. */
export async function fill({ store, job }: Pick<Made, 'store' | 'job'>, by = identity) {
  const folder = clusterFolder(store, fullName)
  for (const file of ['backups/a', 'backups/a', 'igconfig/b']) await put(store, folder + file)
  await remove(store, `${folder}backups/a`)
  await writeClusterClaim(store, fullName, makeMark(by), undefined)
  return take(store, job)
}

export async function take(store: Store, job: Made['job']) {
  const lease = await acquireLease(store, { fullName, job, mark: makeMark(identity) })
  if (lease === undefined) throw new Error('there is no bucket')
  return lease
}

/** The cluster's state as one that was judged to be ours. */
export async function owned(store: Store) {
  const state: ClusterState = { store, fullName }
  const claim = judgeClaim(state, (await readClusterClaim(store, fullName)).reading, identity)
  if (claim.kind !== 'ours') throw new Error(`it is ${claim.kind}`)
  return claim.owned
}
