import { type Done, done, type Waiting, waiting } from '../wait/wait.ts'
import type { LeaseSight, LeaseStore } from './lease-store.ts'

/** One holder's way to a lease: one write after the other, none of them blind. */
export type OpenLease = {
  /** One try: when the write was sent that took it, or who has it. */
  tryToTake(): Promise<Done<number> | Waiting>
  /** Resolves to why it is lost, undefined while it is ours. */
  renew(): Promise<string | undefined>
  /** Gives it back if it is ours, also where the answer to its taking was lost. Rejects if that takes too long. */
  giveBack(): Promise<void>
  /** Resolves when nothing of it is being written. */
  settle(): Promise<void>
}

const giveBackMilliseconds = 3_000

/**
 * Opens the way to a lease for one holder; `open` is called once, with a signal that ends what is still being sent
 * when it is closed.
 */
export function openLease(open: (signal: AbortSignal) => LeaseStore): OpenLease {
  // What is given back at the end of a job must not be stopped by that end.
  const closing = new AbortController()
  const store = open(closing.signal)
  let turn: Promise<unknown> = Promise.resolve()
  let tried = false
  let taken = false

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work)
    turn = mine.catch(() => {})
    return mine
  }

  async function tryToTake(): Promise<Done<number> | Waiting> {
    const seen = await store.look()
    if (seen.whose === 'another') return waiting(nameHolder(seen))
    const sent = Date.now()
    tried = true
    const now = await take()
    if (now !== undefined && now.whose !== 'ours') return waiting(nameHolder(now))
    taken = true
    return done(sent)
  }

  /**
   * Writes; what is there decides where that fails, since it may have been carried out although its answer was lost. One
   * that has left no trace is sent once more.
   */
  async function take(again = true): Promise<LeaseSight | undefined> {
    try {
      await store.write(false)
      return undefined
    } catch (error) {
      if (store.isOvertaken(error)) return store.look()
      const seen = await store.look().catch(() => undefined)
      if (seen?.whose === 'ours') return seen
      if (seen === undefined || seen.whose === 'another' || !again) throw error
      return take(false)
    }
  }

  async function rewrite(released: boolean, again = true): Promise<string | undefined> {
    try {
      await store.write(released)
      return undefined
    } catch (error) {
      if (!store.isOvertaken(error)) throw error
      const seen = await store.look()
      if (seen.whose !== 'ours')
        return seen.holder === undefined ? 'it was deleted' : `now with ${seen.holder}`
      // A write of ours was carried out although its answer was lost.
      if (!again) throw error
      return rewrite(released, false)
    }
  }

  async function giveBack(): Promise<void> {
    if (taken || (tried && (await store.look()).whose === 'ours')) await rewrite(true)
  }

  return {
    tryToTake: () => inTurn(tryToTake),
    renew: () => inTurn(() => rewrite(false)),
    giveBack() {
      const timer = setTimeout(() => closing.abort(new Error('it took too long')), giveBackMilliseconds)
      return inTurn(giveBack).finally(() => {
        clearTimeout(timer)
        closing.abort()
      })
    },
    settle: () => inTurn(async () => {}),
  }
}

function nameHolder({ whose, holder }: LeaseSight): string {
  return whose === 'another' && holder !== undefined ? holder : 'another run that took it at this moment'
}
