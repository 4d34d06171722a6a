import pLimit, { type LimitFunction } from 'p-limit'

/** Has functions wait for each other, so that at most `limit` are under way at once, the first that came first. */
export const limitTo = (limit: number): LimitFunction => pLimit(limit)

/** Does `work` for every item, at most `limit` at once: a server must not meet hundreds of connections. */
export function inParallel<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  limit = 16,
): Promise<R[]> {
  return pLimit(limit).map(items, item => work(item))
}
