import { randomUUID } from 'node:crypto'
import { connectKube, isConflict, isNotFound, isUnreachable, type Kube } from '@meridian/kube'
import {
  type Done,
  done,
  type Job,
  messageOf,
  TimeoutError,
  UserError,
  type Waiting,
  waitFor,
  waiting,
} from '@meridian/runner'
import {
  describeLeaseHolder,
  type Holder,
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

/** The right to change the federation of one host, renewed in the background until it is released. */
export type HostLease = AsyncDisposable & {
  /** Aborted with the job, and when the lease is lost to another run or could not be renewed in time. */
  readonly signal: AbortSignal
  /** Renews it now; throws if it is lost. Before each step that cannot be taken back: a holder may have been paused. */
  confirm(): Promise<void>
  /** Gives it back. Never throws: a lease that could not be given back ends by itself. */
  release(): Promise<void>
  /** Stops renewing it, for who deletes the host. */
  abandon(): void
}

/** Another run has the lease. */
export class HostLeaseHeldError extends UserError {
  override readonly name = 'HostLeaseHeldError'
}

type LeaseJob = Pick<Job, 'signal' | 'deadline' | 'log' | 'action' | 'run' | 'env' | 'userAgent'>

const defaultMilliseconds = 120_000
/** Of its duration: renewed at each third, and given up before others may take it. */
const renewal = 1 / 3
const end = 0.9
const releaseMilliseconds = 3_000
const marginMilliseconds = 5_000
const requestMilliseconds = 10_000
const collection = `/apis/coordination.k8s.io/v1/namespaces/${leasePlace.namespace}/leases`
const path = `${collection}/${leasePlace.name}`

/**
 * Takes the lease on a host's federation: a Lease in kube-system, which outlives the control plane, written on the
 * condition that nobody has written it since it was read. Whether its holder is dead is judged by the API server's
 * clock, since those of two runners may differ by minutes. Throws a HostLeaseHeldError that names the holder when the
 * wait is over.
 */
export async function acquireHostLease(
  job: LeaseJob,
  host: Kube,
  options: HostLeaseOptions = {},
): Promise<HostLease> {
  const milliseconds = options.duration ?? defaultMilliseconds
  const holder: Holder = {
    token: randomUUID(),
    action: job.action,
    run: job.run.url,
    attempt: Number(job.env.GITHUB_RUN_ATTEMPT ?? 1),
  }
  const own = openLease(job, host, holder, milliseconds)
  const what = `the federation of ${host.context}`
  const fix =
    'Wait for that run, or cancel it. If it is dead, its lease ends by itself at the time named: run again then.'
  let other = 'another run'
  try {
    await waitFor<void>(job, {
      what: `the lease on ${what}`,
      fix,
      // Before the job ends by itself, so that who has it can be named.
      timeout: options.wait ?? Math.max(0, job.deadline - Date.now() - marginMilliseconds),
      probe: async () => {
        const answer = await own.tryToTake()
        if (!answer.done) other = answer.state
        return answer
      },
    })
  } catch (error) {
    // A write may have been carried out although its answer was lost, or not waited for.
    await own.giveBack().catch(() => {})
    if (!(error instanceof TimeoutError)) throw error
    throw new HostLeaseHeldError(`${what} is being worked on by ${other}`, { fix })
  }
  return keepLease(job, what, own, milliseconds)
}

type OpenLease = {
  tryToTake(): Promise<Done<void> | Waiting>
  /** Resolves to why it is lost, undefined while it is ours. */
  renew(): Promise<string | undefined>
  giveBack(): Promise<void>
}

/** Writes one Lease again and again, each time over what it wrote before, one write after the other. */
function openLease(job: LeaseJob, host: Kube, holder: Holder, milliseconds: number): OpenLease {
  // What is given back at the end of a job must not be stopped by that end.
  const closing = new AbortController()
  const { userAgent } = job
  const kube = connectKube(host.kubeconfig, { context: host.context, userAgent, signal: closing.signal })
  let known: LeaseObject | undefined
  let turn: Promise<unknown> = Promise.resolve()

  const request = (method: string, at: string, body?: LeaseObject, timeout = requestMilliseconds) =>
    kube.request<LeaseObject>(method, at, { timeout, ...(body && { body }) })
  const read = (timeout?: number) =>
    request('GET', path, undefined, timeout).catch(error => {
      if (isNotFound(error)) return undefined
      throw error
    })
  async function write(lease: LeaseObject, timeout?: number): Promise<void> {
    known = lease.metadata.resourceVersion
      ? await request('PUT', path, lease, timeout)
      : await request('POST', collection, lease, timeout)
  }
  const next = (over: LeaseObject | undefined) =>
    leaseOf(holder, { now: kube.serverTime(), milliseconds, over })
  const isOwn = (lease: LeaseObject | undefined): lease is LeaseObject =>
    lease?.spec?.holderIdentity === holderName(holder)

  async function tryToTake(): Promise<Done<void> | Waiting> {
    const seen = await read()
    // An earlier try may have been carried out although its answer was lost.
    if (seen !== undefined && !isOwn(seen) && !isFreeLease(seen, kube.serverTime(), holder))
      return waiting(describeLeaseHolder(seen, kube.serverTime()))
    try {
      await write(next(seen))
      return done(undefined)
    } catch (error) {
      if (isConflict(error) || isNotFound(error)) return waiting('another run that took it at this moment')
      known = isUnreachable(error) ? await read() : undefined
      if (isOwn(known)) return done(undefined)
      throw error
    }
  }

  async function renewOnce(): Promise<string | undefined> {
    try {
      await write(next(known))
      return undefined
    } catch (error) {
      if (!isConflict(error) && !isNotFound(error)) throw error
      const seen = await read()
      if (seen === undefined) return 'it was deleted'
      if (!isOwn(seen)) return `now with ${describeLeaseHolder(seen, kube.serverTime())}`
      // A write of ours was carried out although its answer was lost.
      known = seen
      return undefined
    }
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work)
    turn = mine.catch(() => {})
    return mine
  }

  return {
    tryToTake,
    renew: () => inTurn(renewOnce),
    giveBack: () =>
      inTurn(async () => {
        const seen = await read(releaseMilliseconds)
        if (isOwn(seen)) await write(released(seen), releaseMilliseconds)
      }).finally(() => closing.abort()),
  }
}

function keepLease(job: LeaseJob, what: string, own: OpenLease, milliseconds: number): HostLease {
  const lost = new AbortController()
  let over = false
  const lose = (why: string) => {
    if (over) return
    stop()
    const fix =
      'Nothing more is changed. Look at what has it now, then run again: it goes on where this stopped.'
    lost.abort(new UserError(`the lease on ${what} is lost: ${why}`, { fix }))
  }
  const armExpiry = () =>
    setTimeout(() => lose('it could not be renewed in time'), milliseconds * end).unref()
  let expiry = armExpiry()
  const ticker = setInterval(() => {
    renew().catch(error => job.log.info(`The lease on ${what} could not be renewed: ${messageOf(error)}`))
  }, milliseconds * renewal).unref()

  function stop(): void {
    over = true
    clearInterval(ticker)
    clearTimeout(expiry)
  }

  async function renew(): Promise<void> {
    // Counted from before it is sent: the server cannot have written it earlier.
    const sent = armExpiry()
    const loss = await own.renew().catch(error => {
      clearTimeout(sent)
      throw error
    })
    clearTimeout(expiry)
    expiry = sent
    if (loss !== undefined) lose(loss)
    if (over) stop()
  }

  async function release(): Promise<void> {
    const given = over
    stop()
    if (given || lost.signal.aborted) return
    await own
      .giveBack()
      .catch(error => job.log.debug(`The lease on ${what} could not be given back: ${messageOf(error)}`))
  }

  const signal = AbortSignal.any([job.signal, lost.signal])
  return {
    signal,
    async confirm() {
      signal.throwIfAborted()
      await renew()
      signal.throwIfAborted()
    },
    release,
    abandon: stop,
    [Symbol.asyncDispose]: release,
  }
}
