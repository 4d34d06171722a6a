import pLimit, { type LimitFunction } from 'p-limit'

/** Has functions wait for each other, so that at most `limit` are under way at once, the first that came first. */
export const limitTo = (limit: number): LimitFunction => pLimit(limit)

/**
 * Does `work` for every item, at most `limit` at once: a server must not meet hundreds of connections. Rejects as the first that
 * fails, begins no more then, and first lets what is under way come to its end, since that may write.
 */
export async function inParallel<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  limit = 16,
): Promise<R[]> {
  const turns = pLimit(limit)
  const failures: unknown[] = []
  const doing = items.map(item =>
    turns(async () => {
      if (failures.length > 0) throw failures[0]
      try {
        return await work(item)
      } catch (error) {
        failures.push(error)
        throw error
      }
    }),
  )
  await Promise.allSettled(doing)
  if (failures.length > 0) throw failures[0]
  return Promise.all(doing)
}
