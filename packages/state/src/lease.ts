import { randomUUID } from 'node:crypto'
import type { S3Client } from '@aws-sdk/client-s3'
import { formatInstant, leaseKey, type Mark, writeClaim } from '@meridian/identity'
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
import { wasOvertaken } from './cluster-claim.ts'
import { describeHolder, isFree, type LeaseRecord } from './lease-record.ts'
import {
  type LeaseTarget,
  leaseMilliseconds,
  readLease,
  removeLease,
  type WrittenLease,
  writeLease,
} from './lease-store.ts'
import { isBucketGone } from './read-object.ts'
import type { Store } from './store.ts'

export type LeaseRequest = {
  /** The cluster that is worked on. */
  readonly fullName: string
  readonly job: Pick<Job, 'signal' | 'deadline' | 'log' | 'action' | 'run' | 'env'>
  /** How long to wait for another holder, milliseconds; by default one look only. */
  readonly wait?: number | undefined
  /** How long it holds after its holder's last sign of life, milliseconds; five minutes unless told. */
  readonly duration?: number | undefined
  /** Whom the holder acts for: what a run that died here has left of a cluster is known by it. */
  readonly mark?: Mark | undefined
}

/** The right to change one cluster, renewed in the background until it is released. */
export type Lease = AsyncDisposable & {
  readonly fullName: string
  /** Aborted with the job, and when the lease is lost to another run or could not be renewed in time. */
  readonly signal: AbortSignal
  /** Renews it now; throws if it is lost. Before each step that changes something: a holder may have been paused. */
  confirm(): Promise<void>
  /** Gives it back. Never throws: a lease that could not be given back ends by itself. */
  release(): Promise<void>
  /** Stops renewing it, for who deletes it with the cluster's state; resolves when nothing of it is being written. */
  abandon(): Promise<void>
  /** Takes it back, so that nothing in the store tells of it: for who has it and then may not change the cluster. */
  discard(): Promise<void>
}

/** Another run has the lease. */
export class LeaseHeldError extends UserError {
  override readonly name = 'LeaseHeldError'
}

/** Of its duration: renewed at each third, and given up before others may take it. */
const renewal = 1 / 3
const end = 0.9
const releaseMilliseconds = 3_000

/**
 * Takes the lease on a cluster: an object beside the cluster's state, written on the condition that nobody else's is
 * there. Undefined if the bucket is not there (any more): then there is nothing to fight over. Throws a LeaseHeldError
 * that names the holder when the wait is over.
 */
export async function acquireLease(store: Store, request: LeaseRequest): Promise<Lease | undefined> {
  const { fullName, job } = request
  const { s3 } = store
  const target = { bucket: store.bucket, key: leaseKey(store, fullName) }
  const record: LeaseRecord = {
    token: randomUUID(),
    action: job.action,
    run: job.run.url,
    attempt: Number(job.env.GITHUB_RUN_ATTEMPT ?? 1),
    since: formatInstant(new Date()),
    milliseconds: request.duration ?? leaseMilliseconds,
    renewals: 0,
    released: false,
    mark: request.mark === undefined ? '' : writeClaim(request.mark),
  }
  let holder = 'another run'
  const probe = async () => {
    const answer = await tryToTake(s3, target, record)
    if (!answer.done) holder = answer.state
    return answer
  }
  const fix =
    'Wait for that run, or cancel it. If it is dead, its lease ends by itself at the time named: run again then.'
  try {
    const first = await waitFor(job, {
      what: `the lease on ${fullName}`,
      fix,
      timeout: request.wait ?? 0,
      probe,
    })
    return first === undefined ? undefined : keepLease(s3, target, record, first, request)
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error
    throw new LeaseHeldError(`${fullName} is being worked on by ${holder}`, { fix })
  }
}

/** One try: our lease as it was written, undefined without a bucket, or who holds it. */
async function tryToTake(
  s3: S3Client,
  target: LeaseTarget,
  record: LeaseRecord,
): Promise<Done<WrittenLease | undefined> | Waiting> {
  try {
    const seen = await readLease(s3, target)
    // An earlier try may have been carried out although its answer was lost.
    if (seen?.record.token === record.token) return done({ etag: seen.etag, versionId: seen.versionId })
    if (seen !== undefined && !isFree(seen, record)) return waiting(describeHolder(seen))
    return done(await writeLease(s3, target, record, seen?.etag))
  } catch (error) {
    if (isBucketGone(error)) return done(undefined)
    if (wasOvertaken(error)) return waiting('another run that took it at this moment')
    throw error
  }
}

function keepLease(
  s3: S3Client,
  target: LeaseTarget,
  record: LeaseRecord,
  first: WrittenLease,
  { fullName, job }: LeaseRequest,
): Lease {
  const lost = new AbortController()
  const { write, settle } = openWriter(s3, target, record, first)
  let over = false
  const lose = (why: string) => {
    if (over) return
    stop()
    const fix =
      'Nothing more is changed. Look at what has it now, then run again: it goes on where this stopped.'
    lost.abort(new UserError(`the lease on ${fullName} is lost: ${why}`, { fix }))
  }
  const armExpiry = () =>
    setTimeout(() => lose('it could not be renewed in time'), record.milliseconds * end).unref()
  let expiry = armExpiry()
  const ticker = setInterval(() => {
    renew().catch(error => job.log.info(`The lease on ${fullName} could not be renewed: ${messageOf(error)}`))
  }, record.milliseconds * renewal).unref()

  function stop(): void {
    over = true
    clearInterval(ticker)
    clearTimeout(expiry)
  }

  async function renew(): Promise<void> {
    // Counted from before it is sent: S3 cannot have written it earlier.
    const sent = armExpiry()
    try {
      const loss = await write(false)
      if (loss !== undefined) lose(loss)
    } catch (error) {
      clearTimeout(sent)
      throw error
    }
    clearTimeout(expiry)
    expiry = sent
    if (over) stop()
  }

  async function release(): Promise<void> {
    const given = over
    stop()
    if (given || lost.signal.aborted) return
    await write(true, AbortSignal.timeout(releaseMilliseconds)).catch(error =>
      job.log.debug(`The lease on ${fullName} could not be given back: ${messageOf(error)}`),
    )
  }

  const signal = AbortSignal.any([job.signal, lost.signal])
  return {
    fullName,
    signal,
    async confirm() {
      signal.throwIfAborted()
      await renew()
      signal.throwIfAborted()
    },
    release,
    async abandon() {
      stop()
      await settle()
    },
    async discard() {
      stop()
      if (!lost.signal.aborted) await removeLease(s3, target, await settle())
    },
    [Symbol.asyncDispose]: release,
  }
}

/**
 * Writes a lease again and again, each time over what it wrote before, one write after the other. A write resolves to
 * why it is lost, undefined while it is ours.
 */
function openWriter(s3: S3Client, target: LeaseTarget, first: LeaseRecord, written: WrittenLease) {
  let known = { record: first, etag: written.etag }
  const versions = [written.versionId]
  let turn: Promise<unknown> = Promise.resolve()

  async function write(released: boolean, signal?: AbortSignal): Promise<string | undefined> {
    const record = { ...known.record, renewals: known.record.renewals + 1, released }
    try {
      const { etag, versionId } = await writeLease(s3, target, record, known.etag, signal)
      known = { record, etag }
      versions.push(versionId)
      return undefined
    } catch (error) {
      if (!wasOvertaken(error)) throw error
      const seen = await readLease(s3, target).catch(absentBucket)
      if (seen?.record.token !== first.token)
        return seen ? `now with ${describeHolder(seen)}` : 'it was deleted'
      // A write of ours was carried out although its answer was lost.
      known = seen
      versions.push(seen.versionId)
      return seen.record.renewals === record.renewals ? undefined : write(released, signal)
    }
  }

  return {
    write(released: boolean, signal?: AbortSignal): Promise<string | undefined> {
      const mine = turn.then(() => write(released, signal))
      turn = mine.catch(() => {})
      return mine
    },
    /** The versions that were written, when none is being written any more. */
    async settle(): Promise<readonly (string | undefined)[]> {
      await turn
      return versions
    },
  }
}

function absentBucket(error: unknown): undefined {
  if (!isBucketGone(error)) throw error
}
