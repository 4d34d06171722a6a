import { route53 } from '@meridian/aws/clients'
import { readGroup, type Zone } from '@meridian/dns'
import { claimKey, formatStore } from '@meridian/identity'
import { openClusterStore, readText } from '@meridian/state'
import { type FoundCluster, ownState } from './survey/cluster.ts'
import type { FoundRecords } from './survey/records.ts'
import { readSurroundings } from './survey/surroundings.ts'
import type { Survey } from './survey.ts'
import type { Work } from './work.ts'

/**
 * Reads once more what was deleted of records and state: that nothing is left is not believed of the answers to
 * deletions alone. (Of the cloud's own things the look for leaks tells, of what is in Kubernetes the waits for its end.)
 * Returns what is still there.
 */
export async function verifyGone(work: Work, { zone, records, clusters }: Survey): Promise<string[]> {
  const purged = work.inputs.scope.has('state') ? clusters.filter(one => ownState(one) !== undefined) : []
  const found = await Promise.all([
    ...(zone === undefined ? [] : records.map(one => verifyRecords(work, zone, one))),
    ...purged.map(one => verifyState(work, one)),
  ])
  return found.flatMap(problem => problem ?? [])
}

async function verifyRecords(
  { aws, ledger }: Work,
  zone: Zone,
  { fqdn, regions }: FoundRecords,
): Promise<string | undefined> {
  if (!ledger.gone.some(({ id }) => id === fqdn)) return undefined
  const { records } = await readGroup(route53(aws), zone, fqdn)
  const left = records.flatMap(({ Region }) =>
    Region !== undefined && regions.includes(Region) ? [Region] : [],
  )
  return left.length === 0 ? undefined : `${fqdn}: its records of ${left.join(', ')} are there again`
}

/** Where another run has begun in the meantime, it has a lease. */
async function verifyState(
  { aws, inputs, ledger }: Work,
  { cluster }: FoundCluster,
): Promise<string | undefined> {
  const { fullName } = cluster
  if (!ledger.gone.some(({ type, id }) => type === 'state' && id.endsWith(`/${fullName}`))) return undefined
  const store = await openClusterStore(aws, cluster, inputs.stateStoreAccount)
  if (store === undefined) return undefined
  const [{ folder, lease }, claim] = await Promise.all([
    readSurroundings(store, fullName),
    readText(store, claimKey(store, fullName)),
  ])
  if (lease || (!folder && claim === undefined)) return undefined
  return `the state of ${fullName} is there again in ${formatStore(store)}`
}
