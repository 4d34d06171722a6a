import type { Leak } from '@meridian/inventory'
import type { Kube } from '@meridian/kube'
import { deleteClusters } from './clusters/delete-clusters.ts'
import type { Expected } from './clusters/find-balancers.ts'
import { expectBalancers } from './clusters/own-balancers.ts'
import { purgeState } from './clusters/purge-state.ts'
import { restoreOrphans } from './clusters/restore-orphans.ts'
import { clearFederation } from './federation/clear-federation.ts'
import { type HeldFederation, holdFederation } from './federation/hold-federation.ts'
import { findLeaks, findOtherBuckets } from './find-leaks.ts'
import { holdLeases } from './hold-leases.ts'
import { endClaims } from './records/end-claims.ts'
import { removeRecords } from './records/remove-records.ts'
import { isInhabited } from './survey/cluster.ts'
import type { FoundCluster, Survey } from './survey.ts'
import { verifyGone } from './verify-gone.ts'
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
  let began = false
  await holdLeases(work, survey.clusters, async (held, clusters) => {
    const reached = stillThere(survey.reached, clusters)
    const federation = await holdFederation(held, survey.federation, clusters, reached)
    try {
      if (!(await confirm())) return
      began = true
      if (survey.zone !== undefined) await removeRecords(held, survey.zone, survey.records)
      for (const lease of held.leases.values()) await lease.confirm()
      const expected = federation === undefined ? [] : await expectBalancers(held, federation.found, reached)
      const problems = federation === undefined ? [] : await clear(held, federation, reached)
      await federation?.end()
      const rest = await removeClusters(held, survey, { clusters, expected }, reached)
      outcome = { ...rest, problems: [...problems, ...rest.problems] }
    } finally {
      await federation?.end()
    }
  })
  if (!began) return outcome
  const left = work.ledger.gone.length === 0 ? [] : await verifyGone(work, survey)
  const problems = [...outcome.problems, ...left]
  const isWhole = problems.length === 0 && outcome.leaks.length === 0
  if (survey.zone !== undefined && isWhole) await endClaims(work, survey.zone, survey.claims)
  return { ...outcome, problems }
}

function clear(work: Work, federation: HeldFederation, reached: ReadonlyMap<string, Kube>) {
  return work.job.log.group('App and federation', () => clearFederation(work, federation, reached))
}

async function removeClusters(
  work: Work,
  survey: Survey,
  found: { clusters: readonly FoundCluster[]; expected: readonly Expected[] },
  reached: ReadonlyMap<string, Kube>,
): Promise<Outcome> {
  const { job, inputs } = work
  const clusters = await restoreOrphans(work, found.clusters, survey.zone)
  const failures = clusters.some(isInhabited)
    ? await job.log.group('Clusters', () => deleteClusters(work, clusters, reached))
    : new Map<string, string>()
  const leaks = await findLeaks(work, found.expected)
  const problems = [...failures.values()]
  if (inputs.scope.has('state')) {
    problems.push(...(await purgeState(work, clusters, { leaks, failures })))
    for (const name of await findOtherBuckets(work))
      job.log.info(`The state bucket ${name} stays: no cluster that is named has it.`)
  }
  return { leaks, problems }
}

/** Without those that another run has deleted while this one waited for its lease. */
function stillThere(
  reached: ReadonlyMap<string, Kube>,
  found: readonly FoundCluster[],
): ReadonlyMap<string, Kube> {
  const gone = new Set(found.filter(one => !isInhabited(one)).map(({ cluster }) => cluster.name))
  return new Map([...reached].filter(([name]) => !gone.has(name)))
}
