import { acquireHostLease } from '@meridian/karmada'
import type { Kube } from '@meridian/kube'
import type { Job, Lease } from '@meridian/runner'

/** A job that can be stopped from within: with the lease on its host, when that is lost. */
export type GuardedJob = { job: Job; stop(reason: unknown): void }

/** To be made before the clusters are reached, since connections end with the job that they were made for. */
export function guardJob(job: Job): GuardedJob {
  const guard = new AbortController()
  const signal = AbortSignal.any([job.signal, guard.signal])
  return { job: { ...job, signal }, stop: reason => guard.abort(reason) }
}

/** Holds the lease on a host, after whoever has it; the job ends with it. Undefined for a control plane of others. */
export async function holdHost(
  { job, stop }: GuardedJob,
  host: Kube | undefined,
): Promise<Lease | undefined> {
  if (host === undefined) return undefined
  const lease = await acquireHostLease(job, host)
  lease.signal.addEventListener('abort', () => stop(lease.signal.reason), { once: true })
  return lease
}
