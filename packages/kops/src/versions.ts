/** The kops that this is made for, and the Kubernetes that both it and Karmada 1.18 are tested with. */
export const defaultKopsVersion = '1.36.2'
export const defaultKubernetesVersion = '1.35.7'

/** A kops 1.N runs Kubernetes 1.(N-5) to 1.N; anything older or newer it refuses, after it has saved the spec. */
const span = 5

/** Says what is wrong with a Kubernetes version for a kops version (both `x.y.z`); undefined if nothing is. */
export function checkKubernetesVersion(kubernetes: string, kops: string): string | undefined {
  const minor = minorOf(kubernetes)
  const newest = minorOf(kops)
  if (minor === undefined) return "must be a version such as '1.35.7'"
  if (newest === undefined || (minor <= newest && minor >= newest - span)) return undefined
  return `is not a version that kops ${kops} can run: it takes Kubernetes 1.${newest - span} to 1.${newest}`
}

function minorOf(version: string): number | undefined {
  const minor = /^1\.(\d{1,3})\.\d{1,3}$/.exec(version)?.[1]
  return minor === undefined ? undefined : Number(minor)
}

/** Whether `x.y.z` is a later version than another; what follows a hyphen does not count. */
export function isNewerVersion(version: string, than: string): boolean {
  const numbers = (text: string) => text.trim().replace(/-.*$/, '').split('.').map(Number)
  const [mine, other] = [numbers(version), numbers(than)]
  const at = mine.findIndex((number, index) => number !== other[index])
  return at >= 0 && (mine[at] ?? 0) > (other[at] ?? 0)
}
