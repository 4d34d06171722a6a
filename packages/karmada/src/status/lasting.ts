import type { Binding, MemberReport } from './binding.ts'

/**
 * What no waiting mends, while nobody does something about it:
 * - `taken`: the member has another's object of this name.
 * - `refused`: the member refuses what the manifest says, and will again.
 * - `failed`: a Job that has failed does not run again.
 * - `barred`: somebody keeps new work off the member by a taint.
 */
export type Lasting = 'taken' | 'refused' | 'failed' | 'barred'

/** In Karmada's own words (objectwatcher.go). "already exists" alone is its cache, which lags behind. */
const taken = /already exists in the cluster.*will not manage this resource/i

/**
 * How servers say that it is the content they refuse (NewInvalid in apimachinery's errors.go, the strict decoder, webhooks
 * and policies of admission, pod security). What else they say may be another in a moment: a role that is missing, a
 * quota, a namespace that goes, a kind that is not served yet, a webhook that does not answer.
 */
const refusals = [
  / is invalid: /,
  / in version "[^"]*" cannot be handled as a /,
  /denied (the )?request/,
  /violates PodSecurity/,
]

/** What a member has said of an object that it has not applied; a report of before the policy was told to take over is none. */
export function lastingRefusal({ spec }: Binding, item: MemberReport | undefined): Lasting | undefined {
  if (item === undefined || item.applied === true) return undefined
  const words = item.appliedMessage ?? ''
  if (taken.test(words)) return spec.conflictResolution === 'Overwrite' ? undefined : 'taken'
  return refusals.some(each => each.test(words)) ? 'refused' : undefined
}
