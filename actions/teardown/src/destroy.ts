import type { Leak } from '@meridian/inventory'
import { clearFederation } from './clear-federation.ts'
import { deleteClusters } from './delete-clusters.ts'
import { findLeaks } from './find-leaks.ts'
import { holdLeases } from './hold-leases.ts'
import { purgeState } from './purge-state.ts'
import { reachClusters } from './reach-clusters.ts'
import { removeRecords } from './remove-records.ts'
import { restoreOrphans } from './restore-orphans.ts'
import { type FoundCluster, isInhabited, type Survey } from './survey.ts'
import type { Work } from './work.ts'

/** What a run could not delete, and why. */
export type Outcome = { readonly leaks: readonly Leak[]; readonly problems: readonly string[] }

/**
 * The road back: names first, then what they led to, then what it ran on, and the state that finds it last.
 * `confirm` may still say no when this run has the leases: then nothing is touched.
 */
export async function destroyEnvironment(
  work: Work,
  survey: Survey,
  confirm: () => Promise<boolean> = async () => true,
): Promise<Outcome> {
  let outcome: Outcome = { leaks: [], problems: [] }
  await holdLeases(work, survey.clusters, async (held, clusters) => {
    if (!(await confirm())) return
    if (survey.zone !== undefined) await removeRecords(held, survey.zone, survey.records)
    outcome = await removeClusters(held, await restoreOrphans(held, clusters, survey.zone))
  })
  return outcome
}

async function removeClusters(work: Work, clusters: readonly FoundCluster[]): Promise<Outcome> {
  const { job, inputs } = work
  const problems: string[] = []
  if (clusters.some(isInhabited)) {
    const reached = await job.log.group('Reaching the clusters', () => reachClusters(work, clusters))
    for (const lease of work.leases.values()) await lease.confirm()
    problems.push(
      ...(await job.log.group('App and federation', () => clearFederation(work, clusters, reached))),
      ...(await job.log.group('Clusters', () => deleteClusters(work, clusters, reached))),
    )
  }
  const wanted = inputs.scope.has('clusters') || inputs.scope.has('state')
  const leaks = wanted ? await findLeaks(work) : []
  if (inputs.scope.has('state')) problems.push(...(await purgeState(work, clusters, leaks)))
  return { leaks, problems }
}
