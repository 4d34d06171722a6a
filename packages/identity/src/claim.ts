import { decided } from '@meridian/runner'
import { type Identity, isSameRepository, ownerOf, type Repository, rootOf } from './identity.ts'
import type { Mark, Reading } from './mark.ts'

declare const judged: unique symbol

/** A thing that was judged to be the run's own. Only `judgeClaim` makes one: what changes or deletes takes it. */
export type Owned<T> = T & { readonly [judged]: true }

export type Claim<T> =
  | { readonly kind: 'ours'; readonly owned: Owned<T>; readonly mark: Mark }
  /** Nobody's, as far as can be told: it is used, and not changed. */
  | { readonly kind: 'unclaimed' }
  /** `whose` completes "it belongs to …". */
  | { readonly kind: 'foreign'; readonly whose: string; readonly mark?: Mark }
  /** `why` completes "whose it is cannot be told: …". */
  | { readonly kind: 'unreadable'; readonly why: string }

/**
 * Whose a thing is, by what its own mark says; the only judge. All that a mark states must be the identity's: a field
 * that is not on both sides is not compared, but the domain and the repository that every mark of schema 2 states.
 */
export function judgeClaim<T>(thing: T, reading: Reading, identity: Identity): Claim<T> {
  return decided(nameOf(thing), judgeMark(thing, reading, identity), describeClaim)
}

function judgeMark<T>(thing: T, reading: Reading, identity: Identity): Claim<T> {
  switch (reading.kind) {
    case 'unmarked':
      return { kind: 'unclaimed' }
    case 'alien':
      return { kind: 'foreign', whose: reading.by }
    case 'unreadable':
      return { kind: 'unreadable', why: reading.why }
    case 'marked': {
      const { mark } = reading
      if (!fits(mark, identity)) return { kind: 'foreign', whose: describeMark(mark), mark }
      return { kind: 'ours', owned: thing as Owned<T>, mark }
    }
  }
}

function describeClaim(claim: Claim<unknown>): string {
  if (claim.kind === 'foreign') return `it belongs to ${claim.whose}`
  if (claim.kind === 'unreadable') return `whose it is cannot be told: ${claim.why}`
  return claim.kind === 'ours' ? `it is ours, by the mark of ${describeMark(claim.mark)}` : 'it is nobody’s'
}

/** By whichever of its names a thing has. */
function nameOf(thing: unknown): string {
  const { fullName, fqdn, name, bucket } = (thing ?? {}) as Record<string, unknown>
  return (
    [fullName, fqdn, name, bucket].map(each => (typeof each === 'string' ? each : '')).find(Boolean) ??
    'a thing'
  )
}

const nobody: Repository = { id: '', name: '' }

function fits(mark: Mark, identity: Identity): boolean {
  const same = (one: string | undefined, other: string | undefined) =>
    one === undefined || other === undefined || one === other
  const stated = mark.schema >= 2
  const repository = mark.repository ?? (stated ? nobody : identity.repository)
  return (
    mark.owner === ownerOf(identity) &&
    (mark.domain === undefined ? !stated : mark.domain === identity.domain) &&
    isSameRepository(repository, identity.repository) &&
    same(mark.cluster, identity.cluster) &&
    same(mark.account, identity.account) &&
    same(mark.app, identity.app)
  )
}

/** `pr-42.k8s.example.com of acme/shop (app web)`: what a mark says of its owner, to complete "it belongs to …". */
export function describeMark(mark: Mark): string {
  const { owner, domain, repository, cluster, account, app } = mark
  const environment = owner === ownerOf({}) ? undefined : owner
  const place = domain === undefined ? `the environment '${owner}'` : rootOf({ domain, environment })
  const facts = [cluster && `cluster ${cluster}`, app && `app ${app}`, account && `account ${account}`]
  const known = facts.filter(fact => fact !== undefined)
  const of = repository === undefined || repository.name === '' ? '' : ` of ${repository.name}`
  return `${place}${of}${known.length > 0 ? ` (${known.join(', ')})` : ''}`
}

/** `k8s.example.com of acme/shop`: whom a run acts for. */
export function describeIdentity(identity: Identity): string {
  const { repository } = identity
  const of = repository.name === '' ? '' : ` of ${repository.name}`
  const owner = identity.owner === undefined ? '' : ` as '${identity.owner}'`
  return `${rootOf(identity)}${of}${owner}`
}
