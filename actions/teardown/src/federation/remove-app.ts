import { isUsedAsItIs } from '@meridian/identity'
import { explainTenant, removeApp } from '@meridian/karmada'
import type { Kube } from '@meridian/kube'
import { UserError } from '@meridian/runner'
import { listOwnBalancers, waitInterfacesGone } from '../clusters/balancers.ts'
import { type FoundFederation, listUnseen } from '../survey/federation.ts'
import { limitTime, ownerAndPlane, ownerOfApp, type Work } from '../work.ts'

/** Load balancers need some minutes to go, and so do their network interfaces. */
const patienceMilliseconds = 10 * 60_000

/**
 * Deletes the app's templates from the federation, and waits until its members have let go of everything that
 * costs money: load balancers, their network interfaces, volumes.
 */
export async function removeFederatedApp(
  work: Work,
  found: FoundFederation,
  api: Kube,
  members: ReadonlyMap<string, Kube>,
): Promise<void> {
  const { inputs } = work
  const job = limitTime(work.job, patienceMilliseconds)
  const hostnames = await appHostnames(work, found, members)
  const { removed, left, spared } = await removeApp(
    job,
    api,
    ownerOfApp(work),
    [...members.values()],
    found.plane.claim,
    listUnseen(work, found, members),
  )
  for (const id of removed) work.ledger.deleted({ type: 'app', id })
  for (const tenant of spared) {
    work.ledger.forget({ type: 'app', id: tenant.what })
    job.log.info(`${tenant.what} stays: ${explainTenant(tenant)}.`)
  }
  // In the network of a cluster of EKS they are in nobody's way, and kind has none.
  const made = inputs.clusters.filter(({ provider }) => !isUsedAsItIs(provider))
  await Promise.all(
    made.map(({ name, region }) => waitInterfacesGone(job, work.aws, region, hostnames.get(name) ?? [])),
  )
  if (left.length === 0) return
  throw new UserError(`members that are not ready still hold ${left.join(', ')}`, {
    fix: 'Karmada takes it out once they are back. If they never will be, delete their clusters.',
  })
}

async function appHostnames(
  work: Work,
  federation: FoundFederation,
  members: ReadonlyMap<string, Kube>,
): Promise<Map<string, string[]>> {
  const found = await Promise.all(
    [...members].map(async ([name, kube]) => {
      const own = await listOwnBalancers(kube, ownerAndPlane(work, federation))
      return [name, own.flatMap(({ hostnames }) => hostnames)] as const
    }),
  )
  return new Map(found)
}
