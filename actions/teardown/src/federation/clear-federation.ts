import { acquireHostLease } from '@meridian/karmada'
import type { Kube } from '@meridian/kube'
import { messageOf } from '@meridian/runner'
import type { FoundCluster } from '../survey/cluster.ts'
import { type FoundFederation, surveyFederation } from '../survey/federation.ts'
import { limitTime, type Work } from '../work.ts'
import { removeFederatedApp } from './remove-app.ts'
import { removePlane, unjoinMembers } from './remove-federation.ts'

const leaseMilliseconds = 10 * 60_000

/**
 * Removes of the app, the members and the control plane what goes with the named clusters, as far as each is there and
 * answers. Returns what went wrong; where the host is to be deleted too that is a warning only, since nothing of it
 * survives.
 */
export async function clearFederation(
  work: Work,
  found: FoundFederation,
  clusters: readonly FoundCluster[],
  reached: ReadonlyMap<string, Kube>,
): Promise<string[]> {
  const { job, inputs } = work
  if (!touches(found)) return []
  try {
    return await withLease(work, found, async held => {
      // What another run has changed while this one waited is judged anew, and may be refused now.
      const now = await surveyFederation(held, clusters, reached)
      return now === undefined ? [] : clearHost(held, now, reached)
    })
  } catch (error) {
    job.signal.throwIfAborted()
    const problem = `federation ${inputs.federation}: ${messageOf(error)}`
    if (!found.plan.hostGoes) return [problem]
    job.log.info(`${problem}. What there is of it goes with its clusters.`)
    return []
  }
}

function touches({ plan }: FoundFederation): boolean {
  return plan.app || plan.members.length > 0 || plan.plane !== undefined
}

/** Members and control planes are changed by one run at a time. An app has marks of its own, and needs no lease. */
async function withLease<T>(
  work: Work,
  { kube, plan }: FoundFederation,
  act: (work: Work) => Promise<T>,
): Promise<T> {
  const { job } = work
  if (plan.members.length === 0 && plan.plane === undefined) return act(work)
  const lease = await acquireHostLease(limitTime(job, leaseMilliseconds), kube)
  try {
    return await act({ ...work, job: { ...job, signal: lease.signal } })
  } finally {
    if (plan.hostGoes) lease.abandon()
    else await lease.release()
  }
}

/** Returns what is left in members that are dead, and whose clusters stay. */
async function clearHost(
  work: Work,
  federation: FoundFederation,
  reached: ReadonlyMap<string, Kube>,
): Promise<string[]> {
  const { api, plan } = federation
  const left: string[] = []
  if (api !== undefined) {
    // A member that is dead never lets go of the app: it leaves first.
    const dead = plan.members.filter(({ name }) => !reached.has(name))
    left.push(...(await unjoinMembers(work, api, dead, reached)))
    if (plan.app) await removeFederatedApp(work, federation, api, reached)
    await unjoinMembers(
      work,
      api,
      plan.members.filter(({ name }) => reached.has(name)),
      reached,
    )
  }
  if (plan.plane !== undefined) await removePlane(work, plan.plane, federation)
  return work.inputs.scope.has('clusters') ? [] : left
}
