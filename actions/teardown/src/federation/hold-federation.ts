import { acquireHostLease, mayHoldOthers } from '@meridian/karmada'
import { isUnreachable, type Kube } from '@meridian/kube'
import { type Lease, messageOf, UserError } from '@meridian/runner'
import type { FoundCluster } from '../survey/cluster.ts'
import { type FoundFederation, surveyFederation } from '../survey/federation.ts'
import { limitTime, type Work } from '../work.ts'

const patienceMilliseconds = 10 * 60_000

/** A federation that no other run changes, as it was read and judged under the lease. */
export type HeldFederation = {
  readonly found: FoundFederation
  /** Aborted with the job, and when the lease is lost. */
  readonly signal: AbortSignal
  /** Gives the lease back; where the host goes it goes with it. Before clusters are deleted. */
  end(): Promise<void>
}

/**
 * Takes the lease on a federation's host and judges the federation anew: what another run has changed while this one
 * waited may refuse it now, before anything is touched. Undefined where nothing of a federation goes.
 */
export async function holdFederation(
  work: Work,
  found: FoundFederation | undefined,
  clusters: readonly FoundCluster[],
  reached: ReadonlyMap<string, Kube>,
): Promise<HeldFederation | undefined> {
  if (found === undefined || !reached.has(found.host.name) || !touches(found)) return undefined
  const { job } = work
  let lease: Lease | undefined
  const end = async (host = found) => {
    if (host.plan.hostGoes) await lease?.abandon()
    else await lease?.release()
  }
  try {
    // An app has marks of its own, and needs no lease.
    if (!isAppOnly(found)) lease = await acquireHostLease(limitTime(job, patienceMilliseconds), found.kube)
    const now = await surveyFederation(work, clusters, reached)
    if (now !== undefined) return { found: now, signal: lease?.signal ?? job.signal, end: () => end(now) }
  } catch (error) {
    await lease?.release()
    job.signal.throwIfAborted()
    const lost = isUnreachable(error instanceof UserError ? error.cause : error)
    // Who may have come since it was asked cannot be told.
    if (!found.plan.hostGoes || !lost || (!work.inputs.force && mayHoldOthers(found.plane))) throw error
    job.log.info(`${messageOf(error)}. What there is of the federation goes with its host.`)
    return undefined
  }
  await end()
  return undefined
}

function touches({ plan }: FoundFederation): boolean {
  return plan.app || plan.hostGoes || !isAppOnly({ plan })
}

function isAppOnly({ plan }: Pick<FoundFederation, 'plan'>): boolean {
  return plan.members.length === 0 && plan.plane === undefined && !plan.hostGoes
}
