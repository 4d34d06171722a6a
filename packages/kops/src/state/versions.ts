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

/** The Kubernetes 1.x that each Karmada is tested with, host and members alike (its README's compatibility table). */
const tested: Readonly<Record<string, { readonly oldest: number; readonly newest: number }>> = {
  '1.17': { oldest: 25, newest: 34 },
  '1.18': { oldest: 26, newest: 35 },
  '1.19': { oldest: 27, newest: 36 },
}

/** The minor versions of Kubernetes that a Karmada (`1.18.2`) is tested with; undefined where that is not known. */
export function testedWith(
  karmada: string,
): { readonly oldest: number; readonly newest: number } | undefined {
  return tested[karmada.split('.').slice(0, 2).join('.')]
}

/** Between which versions an upgrade of a cluster has to stay. */
export type UpgradeRange = {
  /** Where kops makes it. */
  readonly kops?: string
  /** Of the federation that the cluster is in. */
  readonly karmada?: string | undefined
}

/**
 * Why a cluster cannot be brought from one Kubernetes to another (`1.35.7` to `1.36.1`); undefined if it can. A control
 * plane goes one minor version at a time and never back (kubernetes.io/releases/version-skew-policy).
 */
export function refuseUpgrade(from: string, to: string, range: UpgradeRange): string | undefined {
  const [is, wanted] = [minorOf(from), minorOf(to)]
  if (is === undefined || wanted === undefined) return `'${is === undefined ? from : to}' is not a release`
  if (isNewerVersion(from, to)) return 'Kubernetes does not go back to an earlier version'
  if (wanted > is + 1) return `Kubernetes is upgraded one minor version at a time: first to 1.${is + 1}`
  const byKops = range.kops === undefined ? undefined : checkKubernetesVersion(to, range.kops)
  if (byKops !== undefined) return `it ${byKops}`
  const span = range.karmada === undefined ? undefined : testedWith(range.karmada)
  if (span === undefined || wanted <= span.newest) return undefined
  return `Karmada ${range.karmada} is tested with Kubernetes 1.${span.oldest} to 1.${span.newest}: upgrade Karmada first`
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
