import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf, TimeoutError } from '../errors.ts'
import { formatDuration } from '../inputs/duration.ts'
import type { Job } from '../job/job.ts'
import { isOutage } from './outage.ts'

export type Done<T> = { done: true; value: T }
export type Waiting = { done: false; state: string }

/** Ends a wait with a value. */
export const done = <T>(value: T): Done<T> => ({ done: true, value })

/** `state` is a sentence's worth of what is still missing; a change of it is printed. */
export const waiting = (state: string): Waiting => ({ done: false, state })

/** What a wait needs of a job. */
export type Patience = Pick<Job, 'signal' | 'deadline' | 'log'>

const reminderMilliseconds = 30_000
const growth = 1.5
/** After a change the next look comes once the wait is so much longer: what moves is often there soon. */
const afterChange = 0.08
/** After a hint, probes wait for what else may change, and longer where they are costly. */
const settleMilliseconds = 50
const probingShare = 2
/** A server that has answered may be silent for so long: one that starts again, a connection that is cut. */
const outageMilliseconds = 5 * 60_000

/** What may tell that a probe would find more by now; it need not. */
export type Hint = { next(): Promise<void>; close(): void }

/** Resolves after `milliseconds`, or rejects with the signal's reason as soon as it is aborted. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  await sleep(milliseconds, undefined, { signal }).catch(() => signal.throwIfAborted())
}

type Every = { readonly first: number; readonly most: number }

/**
 * Milliseconds to the next probe, from those before this one: they grow, and are short again when what is waited for has just
 * changed, by a share of what has passed, so that even what changes at every probe is not asked ever more often. Pure.
 */
export function nextInterval(
  last: number,
  { first, most }: Every,
  change: { passed: number } | undefined,
): number {
  const grown = Math.min(most, last * growth)
  return change === undefined ? grown : Math.min(grown, first + change.passed * afterChange)
}

/**
 * Probes until `probe` says done. Prints each change of state and a reminder every 30 s; ends at `timeout`
 * milliseconds (or the job's deadline, if sooner) with a TimeoutError that names the last state. Probes start
 * `every.first` ms apart and grow to `every.most`, so that quick things are seen quickly and slow ones cheaply; after a
 * change of state they come sooner again, as they do when `hint`, which is opened once there is something to wait for, tells of
 * something. A server that has answered once may be silent for five minutes before its error ends the wait.
 */
export async function waitFor<T>(
  patience: Patience,
  options: {
    what: string
    fix: string
    timeout?: number
    every?: Every
    hint?: (() => Hint) | undefined
    probe: () => Promise<Done<T> | Waiting>
  },
): Promise<T> {
  const every = options.every ?? { first: 500, most: 10_000 }
  const started = Date.now()
  const end = Math.min(patience.deadline, started + (options.timeout ?? Number.POSITIVE_INFINITY))
  let seen = { state: '', printedAt: 0 }
  let answeredAt: number | undefined
  const ask = async (): Promise<Done<T> | Waiting> => {
    try {
      const answer = await options.probe()
      answeredAt = Date.now()
      return answer
    } catch (error) {
      const silent = Date.now() - (answeredAt ?? Number.NEGATIVE_INFINITY)
      if (!isOutage(error) || silent > outageMilliseconds || Date.now() >= end) throw error
      return waiting(`no answer for now: ${messageOf(error)}`)
    }
  }
  let hint: Hint | undefined
  try {
    for (let interval = every.first / growth; ; ) {
      patience.signal.throwIfAborted()
      const told = hint?.next()
      const asked = Date.now()
      const answer = await ask()
      if (answer.done) return answer.value
      const changed = answer.state !== seen.state && seen.state !== ''
      interval = nextInterval(interval, every, changed ? { passed: Date.now() - started } : undefined)
      seen = report(patience, options.what, answer.state, seen, started)
      const left = end - Date.now()
      if (left <= 0) {
        const waited = formatDuration(Date.now() - started)
        throw new TimeoutError(`waited ${waited} for ${options.what}; last seen: ${seen.state}`, {
          fix: options.fix,
        })
      }
      hint ??= options.hint?.()
      const settle = Math.max(settleMilliseconds, (Date.now() - asked) * probingShare)
      await rest(Math.min(interval, left), patience.signal, { told: told ?? hint?.next(), settle })
    }
  } finally {
    hint?.close()
  }
}

/** Pauses, and no longer than `settle` milliseconds after something is told: one change is seldom alone. */
async function rest(
  milliseconds: number,
  signal: AbortSignal,
  { told, settle }: { told: Promise<void> | undefined; settle: number },
): Promise<void> {
  if (told === undefined || settle >= milliseconds) return pause(milliseconds, signal)
  const over = new AbortController()
  const end = Date.now() + milliseconds
  await Promise.race([told, pause(milliseconds, AbortSignal.any([signal, over.signal]))])
  over.abort()
  await pause(Math.max(0, Math.min(settle, end - Date.now())), signal)
}

function report(
  patience: Patience,
  what: string,
  state: string,
  seen: { state: string; printedAt: number },
  started: number,
) {
  const now = Date.now()
  if (state === seen.state && now - seen.printedAt < reminderMilliseconds) return seen
  patience.log.info(`${what}: ${state} (${formatDuration(now - started)})`)
  return { state, printedAt: now }
}
