/** How many reads, or how many environments, are under way at once. */
export const readsAtOnce = 16

/** Maps items with at most `limit` of them under way at once; the results keep the order. */
export async function settleEach<Item, Result>(
  items: readonly Item[],
  work: (item: Item, at: number) => Promise<Result>,
  limit = readsAtOnce,
): Promise<Result[]> {
  const results: Result[] = []
  const queue = items.entries()
  const worker = async () => {
    for (const [at, item] of queue) results[at] = await work(item, at)
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
  return results
}
