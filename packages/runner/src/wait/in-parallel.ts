import pLimit, { type LimitFunction } from 'p-limit'

/** Has functions wait for each other, so that at most `limit` are under way at once, the first that came first. */
export const limitTo = (limit: number): LimitFunction => pLimit(limit)

/**
 * Does `work` for every item, at most `limit` at once: a server must not meet hundreds of connections. Rejects as the first that
 * fails, and begins no more then.
 */
export function inParallel<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  limit = 16,
): Promise<R[]> {
  const turns = pLimit(limit)
  return turns.map(items, async item => {
    try {
      return await work(item)
    } catch (error) {
      turns.clearQueue()
      throw error
    }
  })
}
