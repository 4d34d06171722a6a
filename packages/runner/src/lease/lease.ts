import { messageOf, TimeoutError, UserError } from '../errors.ts'
import type { Job } from '../job/job.ts'
import { waitFor } from '../wait/wait.ts'
import type { LeaseStore } from './lease-store.ts'
import { openLease } from './open-lease.ts'

export type LeaseRequest = {
  /** What it is on, as messages name it. */
  readonly what: string
  /** How long to wait for another holder, milliseconds; with 0 there is one look. */
  readonly wait: number
  /** How long it holds after its holder's last sign of life, milliseconds. */
  readonly milliseconds: number
  /** Opens the way to it; what is under way there ends with the signal, which is not the job's. */
  readonly open: (signal: AbortSignal) => LeaseStore
}

/** The right to change something, renewed in the background until it is released. */
export type Lease = AsyncDisposable & {
  /** Aborted with the job, and when the lease is lost to another run or could not be renewed in time. */
  readonly signal: AbortSignal
  /** Renews it now; throws if it is not held any more. Before each step that changes something: a holder may have been paused. */
  confirm(): Promise<void>
  /** Gives it back. Never throws: a lease that could not be given back ends by itself. */
  release(): Promise<void>
  /**
   * Stops renewing it, for who deletes it with what it is on. Resolves, when nothing of it is being written, to whether
   * it was held until now.
   */
  abandon(): Promise<boolean>
}

/** Another run has the lease. */
export class LeaseHeldError extends UserError {
  override readonly name = 'LeaseHeldError'
}

type LeaseJob = Pick<Job, 'signal' | 'deadline' | 'log'>

/** Of its duration: renewed at each third, and given up before others may take it. */
const renewal = 1 / 3
const end = 0.9

/**
 * Takes a lease, after whoever has it. Throws a LeaseHeldError that names the holder when the wait is over. Where the
 * job ends meanwhile, or an answer is lost, nothing of it is left that would make the next run wait.
 */
export async function takeLease(job: LeaseJob, request: LeaseRequest): Promise<Lease> {
  const { what, wait, open } = request
  const own = openLease(open)
  const fix =
    'Wait for that run, or cancel it. If it is dead, its lease ends by itself at the time named: run again then.'
  let holder = 'another run'
  const probe = async () => {
    const answer = await own.tryToTake()
    if (!answer.done) holder = answer.state
    return answer
  }
  try {
    const since = await waitFor(job, { what: `the lease on ${what}`, fix, timeout: wait, probe })
    job.signal.throwIfAborted()
    return keepLease(job, request, own, since)
  } catch (error) {
    await own.giveBack().catch(reason => tellKept(job, what, reason))
    if (job.signal.aborted || !(error instanceof TimeoutError)) throw error
    throw new LeaseHeldError(`${what} is being worked on by ${holder}`, { fix })
  }
}

function tellKept({ log }: LeaseJob, what: string, error: unknown): void {
  log.debug(`The lease on ${what} could not be given back: ${messageOf(error)}`)
}

/** `since`: when the writing of it was sent, by this machine's clock. */
function keepLease(
  job: LeaseJob,
  { what, milliseconds }: LeaseRequest,
  own: ReturnType<typeof openLease>,
  since: number,
): Lease {
  const lost = new AbortController()
  let over = false
  const lose = (why: string) => {
    if (!stop()) return
    const fix =
      'Nothing more is changed. Look at what has it now, then run again: it goes on where this stopped.'
    lost.abort(new UserError(`the lease on ${what} is lost: ${why}`, { fix }))
  }
  // Counted from before a write is sent: nobody can have written it earlier.
  const armExpiry = (sent: number) =>
    setTimeout(() => lose('it could not be renewed in time'), sent + milliseconds * end - Date.now()).unref()
  let expiry = armExpiry(since)
  const ticker = setInterval(() => {
    renew().catch(error => job.log.info(`The lease on ${what} could not be renewed: ${messageOf(error)}`))
  }, milliseconds * renewal).unref()

  /** Whether it was held until now. */
  function stop(): boolean {
    const held = !over
    over = true
    clearInterval(ticker)
    clearTimeout(expiry)
    return held
  }

  async function renew(): Promise<void> {
    const sent = Date.now()
    const loss = await own.renew()
    if (loss !== undefined) lose(loss)
    if (over) return
    clearTimeout(expiry)
    expiry = armExpiry(sent)
  }

  const signal = AbortSignal.any([job.signal, lost.signal])
  const checkHeld = () => {
    signal.throwIfAborted()
    if (over) throw new Error(`the lease on ${what} was given up before this`)
  }
  const release = async () => {
    if (stop()) await own.giveBack().catch(error => tellKept(job, what, error))
  }
  return {
    signal,
    async confirm() {
      checkHeld()
      await renew()
      checkHeld()
    },
    release,
    async abandon() {
      const held = stop()
      await own.settle()
      return held
    },
    [Symbol.asyncDispose]: release,
  }
}
