import { testedWith } from '@meridian/kops'
import { type Job, UserError } from '@meridian/runner'
import type { Reached } from './connect-members.ts'

/** A Kubernetes client speaks with servers one minor version away; further apart, APIs that one has the other lacks. */
const widestSkew = 3

export type MemberVersion = { name: string; kubernetesVersion: string }

export type VersionFindings = { refusals: string[]; warnings: string[] }

/**
 * Compares the members' Kubernetes (`v1.35.7`) with what a Karmada (`1.18.2`) is tested with, and with each other.
 * Older than tested is refused, newer is a warning.
 */
export function checkVersions(karmada: string, members: readonly MemberVersion[]): VersionFindings {
  const range = testedWith(karmada)
  const minors = members.map(({ name, kubernetesVersion }) => ({ name, minor: minorOf(kubernetesVersion) }))
  const words = range && `Karmada ${karmada} is tested with Kubernetes 1.${range.oldest} to 1.${range.newest}`
  const refusals = minors.flatMap(({ name, minor }) =>
    range && minor < range.oldest ? [`${name} runs Kubernetes 1.${minor}, but ${words}`] : [],
  )
  const newer = minors.flatMap(({ name, minor }) =>
    range && minor > range.newest ? [`${name} runs Kubernetes 1.${minor}; ${words}.`] : [],
  )
  const [oldest, newest] = [Math.min(...minors.map(m => m.minor)), Math.max(...minors.map(m => m.minor))]
  const skew =
    newest - oldest > widestSkew
      ? [`The members run Kubernetes 1.${oldest} to 1.${newest}: an API that one has, another may lack.`]
      : []
  const unknown = range ? [] : [`It is not known which Kubernetes Karmada ${karmada} is tested with.`]
  return { refusals, warnings: [...newer, ...skew, ...unknown] }
}

function minorOf(version: string): number {
  return Number(/^v?1\.(\d+)/.exec(version)?.[1] ?? Number.NaN)
}

/** Warns of versions that are far apart, and throws a UserError for what cannot work together. */
export function judgeVersions(job: Pick<Job, 'log'>, karmada: string, members: readonly Reached[]): void {
  const { refusals, warnings } = checkVersions(
    karmada,
    members.map(({ descriptor, kubernetesVersion }) => ({ name: descriptor.name, kubernetesVersion })),
  )
  for (const warning of warnings) job.log.warning(warning)
  if (refusals.length > 0) {
    throw new UserError(refusals.join('; '), {
      fix: 'Upgrade these clusters, or choose another karmada-version.',
      input: 'karmada-version',
    })
  }
}
