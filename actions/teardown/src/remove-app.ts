import { objectLabels } from '@meridian/identity'
import { removeApp } from '@meridian/karmada'
import type { Kube } from '@meridian/kube'
import { UserError } from '@meridian/runner'
import { listBalancers, waitInterfacesGone } from './balancers.ts'
import { limitTime, type Work } from './work.ts'

/** Load balancers need some minutes to go, and so do their network interfaces. */
const patienceMilliseconds = 10 * 60_000

/**
 * Deletes the app's templates from the federation, and waits until its members have let go of everything that
 * costs money: load balancers, their network interfaces, volumes.
 */
export async function removeFederatedApp(
  work: Work,
  federation: Kube,
  members: ReadonlyMap<string, Kube>,
): Promise<void> {
  const job = limitTime(work.job, patienceMilliseconds)
  const labels = objectLabels(work.inputs)
  const hostnames = await appHostnames(members, labels)
  const { removed, left } = await removeApp(job, federation, labels, [...members.values()])
  for (const id of removed) work.ledger.deleted({ type: 'app', id })
  await Promise.all(
    work.inputs.clusters.map(({ name, region }) =>
      waitInterfacesGone(job, work.aws, region, hostnames.get(name) ?? []),
    ),
  )
  if (left.length === 0) return
  throw new UserError(`members that are not ready still hold ${left.join(', ')}`, {
    fix: 'Karmada takes it out once they are back. If they never will be, delete their clusters.',
  })
}

async function appHostnames(
  members: ReadonlyMap<string, Kube>,
  labels: Readonly<Record<string, string>>,
): Promise<Map<string, string[]>> {
  const found = await Promise.all(
    [...members].map(async ([name, kube]) => {
      const balancers = await listBalancers(kube, labels)
      return [name, balancers.flatMap(({ hostnames }) => hostnames)] as const
    }),
  )
  return new Map(found)
}
