import { connectKube, isConflict, isNotFound, type Kube } from '@meridian/kube'
import { type Job, type Lease, type LeaseStore, newHolder, takeLease } from '@meridian/runner'
import {
  describeLeaseHolder,
  holderName,
  isFreeLease,
  type LeaseObject,
  leaseOf,
  leasePlace,
  released,
} from './host-lease-record.ts'

export type HostLeaseOptions = {
  /** How long to wait for another holder, milliseconds; until the job's deadline unless told. */
  readonly wait?: number
  /** How long it holds after its holder's last sign of life, milliseconds; two minutes unless told. */
  readonly duration?: number
}

type LeaseJob = Pick<Job, 'signal' | 'deadline' | 'log' | 'action' | 'run' | 'env' | 'userAgent'>

const defaultMilliseconds = 120_000
const marginMilliseconds = 5_000
const requestMilliseconds = 10_000
const collection = `/apis/coordination.k8s.io/v1/namespaces/${leasePlace.namespace}/leases`
const path = `${collection}/${leasePlace.name}`

/**
 * Takes the lease on a host's federation: a Lease in kube-system, which outlives the control plane, written on the
 * condition that nobody has written it since it was read. Whether its holder is dead is judged by the API server's
 * clock, since those of two runners may differ by minutes. Throws a LeaseHeldError that names the holder when the
 * wait is over.
 */
export async function acquireHostLease(
  job: LeaseJob,
  host: Kube,
  options: HostLeaseOptions = {},
): Promise<Lease> {
  const milliseconds = options.duration ?? defaultMilliseconds
  return takeLease(job, {
    what: `the federation of ${host.context}`,
    // Before the job ends by itself, so that who has it can be named.
    wait: options.wait ?? Math.max(0, job.deadline - Date.now() - marginMilliseconds),
    milliseconds,
    open: signal => openLeaseObject(job, host, { milliseconds, signal }),
  })
}

function openLeaseObject(
  job: LeaseJob,
  host: Kube,
  { milliseconds, signal }: { milliseconds: number; signal: AbortSignal },
): LeaseStore {
  const holder = newHolder(job)
  const { userAgent, env } = job
  const kube = connectKube(host.kubeconfig, { context: host.context, userAgent, signal, env })
  let known: LeaseObject | undefined

  const request = (method: string, at: string, body?: LeaseObject) =>
    kube.request<LeaseObject>(method, at, { timeout: requestMilliseconds, ...(body && { body }) })

  return {
    async look() {
      known = await request('GET', path).catch(error => {
        if (isNotFound(error)) return undefined
        throw error
      })
      if (known === undefined) return { whose: 'free' }
      const now = kube.serverTime()
      if (known.spec?.holderIdentity === holderName(holder)) return { whose: 'ours' }
      const whose = isFreeLease(known, now, holder) ? 'free' : 'another'
      return { whose, holder: describeLeaseHolder(known, now) }
    },
    async write(isReleased) {
      const now = kube.serverTime()
      const lease =
        isReleased && known ? released(known) : leaseOf(holder, { now, milliseconds, over: known })
      const isThere = known?.metadata.resourceVersion !== undefined
      known = isThere ? await request('PUT', path, lease) : await request('POST', collection, lease)
    },
    isOvertaken: error => isConflict(error) || isNotFound(error),
  }
}
