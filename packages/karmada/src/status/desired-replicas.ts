/**
 * Divides replicas over weighted clusters as Karmada does (v1.18, pkg/util/helper/webster.go): Webster's method,
 * each replica to the highest weight / (2 × held + 1), and of equals to the one that holds fewer. What is equal
 * even then Karmada decides by name, up or down by a hash of the object's UID; here the first in order gets
 * it, so such a tie may come out the other way (see `isFairSplit`).
 */
export function desiredReplicas(
  total: number,
  weights: Readonly<Record<string, number>>,
): Record<string, number> {
  const names = Object.keys(weights)
  const held = Object.fromEntries(names.map(name => [name, 0]))
  const quotient = (name: string) => (weights[name] ?? 0) / (2 * (held[name] ?? 0) + 1)
  const beats = (name: string, leader: string) =>
    quotient(name) === quotient(leader)
      ? (held[name] ?? 0) < (held[leader] ?? 0)
      : quotient(name) > quotient(leader)
  for (let replica = 0; replica < total && names.length > 0; replica += 1) {
    const best = names.reduce((leader, name) => (beats(name, leader) ? name : leader))
    held[best] = (held[best] ?? 0) + 1
  }
  return held
}

/**
 * Whether a split is one that Webster's method can give, however ties were decided: no replica would have a
 * higher quotient in another cluster than where it is.
 */
export function isFairSplit(
  split: Readonly<Record<string, number>>,
  total: number,
  weights: Readonly<Record<string, number>>,
): boolean {
  const names = Object.keys(weights)
  const held = (name: string) => split[name] ?? 0
  if (Object.keys(split).some(name => held(name) > 0 && !names.includes(name))) return false
  if (names.reduce((sum, name) => sum + held(name), 0) !== total) return false
  // Cross-multiplied: divided, equal quotients may differ in their last digit.
  return names.every(last =>
    names.every(
      next =>
        held(last) === 0 ||
        (weights[last] ?? 0) * (2 * held(next) + 1) >= (weights[next] ?? 0) * (2 * held(last) - 1),
    ),
  )
}
