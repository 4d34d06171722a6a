import { messageOf } from '../errors.ts'
import { type Patience, pause } from './wait.ts'

const baseMilliseconds = 200
const ceilingMilliseconds = 15_000

/**
 * Runs `attempt` until it succeeds, for errors that `retryable` accepts only, at most `most` times (8) and
 * never past the job's deadline. Full jitter, so that parallel jobs that were throttled together part.
 */
export async function retry<T>(
  patience: Patience,
  options: {
    what: string
    attempt: () => Promise<T>
    retryable: (error: unknown) => boolean
    most?: number
    /** Milliseconds that the first wait is reckoned from, 200. */
    base?: number
  },
): Promise<T> {
  const { most = 8, base = baseMilliseconds } = options
  for (let count = 1; ; count += 1) {
    patience.signal.throwIfAborted()
    try {
      return await options.attempt()
    } catch (error) {
      const wait = Math.random() * Math.min(ceilingMilliseconds, base * 2 ** count)
      if (count >= most || !options.retryable(error) || Date.now() + wait > patience.deadline) throw error
      patience.log.info(`${options.what}: ${messageOf(error)}; trying again (${count + 1} of ${most})`)
      await pause(wait, patience.signal)
    }
  }
}
