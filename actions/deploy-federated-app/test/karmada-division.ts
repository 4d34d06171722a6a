/** Replicas by cluster; a cluster without any is left out. */
export type Split = Readonly<Record<string, number>>

/** How a workload is placed, in the words of the input. */
export type Placed =
  | { mode: 'weights'; weights: Split }
  | { mode: 'dynamic' | 'duplicate'; clusters: readonly string[] }

/** What no run knows beforehand: which way ties are broken (by the template's UID), and how much room clusters have. */
export type Fate = { isDescending: boolean; room: Split }

/**
 * What Karmada 1.18 divides, written from its sources (`assignment.go`, `division_algorithm.go`, `webstermethod.go`) and
 * from nothing of ours; `held` is what it had divided before. Undefined where it refuses, and leaves what there is.
 */
export function divideLikeKarmada(
  replicas: number,
  placed: Placed,
  held: Split,
  { isDescending, room }: Fate,
): Split | undefined {
  if (placed.mode === 'weights') return apportion(replicas, placed.weights, isDescending)
  const { clusters } = placed
  if (placed.mode === 'duplicate') return pick(clusters, () => replicas)
  const kept = pick(clusters, name => held[name] ?? 0)
  const total = sum(kept)
  if (total === replicas) return kept
  if (total > replicas) return apportion(replicas, kept, isDescending)
  const free = pick(clusters, name => room[name] ?? 0)
  if (sum(free) < replicas - total) return undefined
  const more = apportion(replicas - total, free, isDescending)
  return pick(clusters, name => (kept[name] ?? 0) + (more[name] ?? 0))
}

/** Webster's method: the best of all quotients votes / (2k + 1), of equals the smaller k, then the name. */
function apportion(seats: number, votes: Split, isDescending: boolean): Split {
  const claims = Object.entries(votes).flatMap(([name, vote]) =>
    vote > 0 ? Array.from({ length: seats }, (_, k) => ({ name, vote, k })) : [],
  )
  const byName = (a: string, b: string) => (a < b ? -1 : 1) * (isDescending ? -1 : 1)
  const best = claims
    .sort((a, b) => b.vote * (2 * a.k + 1) - a.vote * (2 * b.k + 1) || a.k - b.k || byName(a.name, b.name))
    .slice(0, seats)
  return pick(
    [...new Set(best.map(({ name }) => name))],
    name => best.filter(each => each.name === name).length,
  )
}

function pick(names: readonly string[], count: (name: string) => number): Split {
  return Object.fromEntries(names.map(name => [name, count(name)] as const).filter(([, each]) => each > 0))
}

function sum(split: Split): number {
  return Object.values(split).reduce((total, each) => total + each, 0)
}
