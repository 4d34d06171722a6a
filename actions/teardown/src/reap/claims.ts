import type { EnvironmentClaim } from '@meridian/dns'
import { identityOfMark, type Mark, fullName as nameOf, type Place, rootOf } from '@meridian/identity'
import type { Store } from '@meridian/state'

/** A claim on a cluster, with what it says, where it was found. */
export type FoundClaim = {
  readonly fullName: string
  readonly store: Store
  /** Of the cluster, as its state knows it, else its claim; the store's where neither does. */
  readonly region: string
  /** Its domain is always there. */
  readonly mark: Mark & { readonly domain: string }
  /** Somebody has tagged it to be left alone. */
  readonly isProtected: boolean
  /** There is no claim of its own yet, and the bucket that was made for it speaks for it. */
  readonly isOfBucket?: true
}

/** A claim in the zone, on an environment that has its app in the federation of another's cluster. */
export type TenantClaim = {
  /** The environment's name: it has no cluster. */
  readonly fullName: string
  readonly mark: FoundClaim['mark']
  readonly isProtected: false
  readonly claim: EnvironmentClaim
}

export type AnyClaim = FoundClaim | TenantClaim

/** Whether a claim is one of an environment without a cluster of its own. */
export const isTenant = (claim: AnyClaim): claim is TenantClaim => 'claim' in claim
/** Whether a claim lies beside the state of a cluster. */
export const isOfCluster = (claim: AnyClaim): claim is FoundClaim => !isTenant(claim)

/** Something that may be, or may hold, a claim, and that could not be read. */
export type Doubt = {
  /** The name of the environment that it may belong to, where that can be told. */
  readonly root: string | undefined
  /** A whole sentence. */
  readonly text: string
}

/** What is found at one place: a claim, what may be one (`doubt`), what is none and is told (`note`), or nothing of ours. */
export type Finding =
  | { readonly kind: 'claim'; readonly claim: FoundClaim }
  | { readonly kind: 'doubt'; readonly doubt: Doubt }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'none' }

export const none: Finding = { kind: 'none' }

/** The environment that a cluster's name says it lies in: all but its first label. */
export function rootOfName(fullName: string): string {
  return fullName.slice(fullName.indexOf('.') + 1)
}

/**
 * The domain that a mark of version 0.1, which does not say it, must have had for a cluster of this name; undefined
 * where name and mark do not fit. Pure.
 */
export function completeMark(mark: Mark, fullName: string): FoundClaim['mark'] | undefined {
  if (mark.domain !== undefined) return { ...mark, domain: mark.domain }
  const environment = mark.owner === 'default' ? undefined : mark.owner
  const [, ...labels] = fullName.split('.')
  if (environment !== undefined && labels.shift() !== environment) return undefined
  return labels.length >= 2 ? { ...mark, domain: labels.join('.') } : undefined
}

/** The environment that a mark speaks for, by its name. */
export function rootOfMark(mark: FoundClaim['mark']): string {
  return rootOf(identityOfMark(mark) ?? { domain: mark.domain })
}

/** What stands for a cluster in contexts and federations: the first label of its name, as far as that may be one. */
export function aliasOf(fullName: string, place: Place): string {
  const [first = ''] = fullName.split('.')
  if (first.length <= 15 && nameOf(first, place) === fullName) return first
  return first.slice(0, 15).replace(/-+$/, '')
}
