const shape = /^v(?<major>\d+)(?:(?<stage>alpha|beta)(?<minor>\d+))?$/
const stages: Readonly<Record<string, number>> = { alpha: 0, beta: 1 }

/**
 * Which of two versions of an API comes first, as Kubernetes orders them: below zero for the one that is further from
 * being settled. `v10` is above `v2`, that above `v2beta1`, and all of these above names of another form, of which the
 * first of the alphabet is the highest.
 */
export function compareVersions(a: string, b: string): number {
  const [one, other] = [rank(a), rank(b)]
  if (!one || !other) return one ? 1 : other ? -1 : a < b ? 1 : a > b ? -1 : 0
  const at = one.findIndex((part, index) => part !== other[index])
  return at < 0 ? 0 : (one[at] ?? 0) - (other[at] ?? 0)
}

function rank(version: string): number[] | undefined {
  const { major, stage = '', minor = 0 } = shape.exec(version)?.groups ?? {}
  return major === undefined ? undefined : [stages[stage] ?? 2, Number(major), Number(minor)]
}
