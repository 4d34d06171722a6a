import { type Identity, ownerOf, type Repository } from './identity.ts'

/**
 * The schema that is written. A release reads its own schema, older ones, and newer ones as far as it knows their
 * fields: a field never changes its meaning.
 */
const schema = 2

/** What a thing says of its owner, however it is written: as an object, tags, a TXT record, an annotation. */
export type Mark = {
  /** Version 1 knew neither domain nor the id of the repository. */
  readonly schema: number
  /** The environment, `default` for the only one of a domain, or what an input named instead. */
  readonly owner: string
  readonly domain?: string | undefined
  readonly repository?: Repository | undefined
  readonly cluster?: string | undefined
  /** Of the cluster. */
  readonly region?: string | undefined
  readonly account?: string | undefined
  readonly app?: string | undefined
  /** In the claim of an environment without a cluster of its own: where its app is, as `writeFederation` says it. */
  readonly federation?: string | undefined
  /** RFC 3339, as is `expiresAt`. */
  readonly createdAt?: string | undefined
  readonly expiresAt?: string | undefined
  readonly pullRequest?: string | undefined
  /** URL of the run that wrote it. */
  readonly run?: string | undefined
  /** Of the action that wrote it. */
  readonly version?: string | undefined
  /** In a claim: the run that is changing the cluster, and has not ended or was cut short. */
  readonly unfinished?: string | undefined
}

/** When and by what a thing is made, and until when it is wanted. */
export type Birth = {
  readonly createdAt?: Date | undefined
  readonly expiresAt?: Date | undefined
  readonly pullRequest?: number | undefined
  readonly run?: string | undefined
  readonly version?: string | undefined
}

/** The mark of what an identity makes. */
export function makeMark(identity: Identity, birth: Birth = {}): Mark {
  const { domain, repository, cluster, region, account, app } = identity
  return {
    schema,
    owner: ownerOf(identity),
    domain,
    repository,
    ...(cluster && { cluster }),
    ...(region && { region }),
    ...(account && { account }),
    ...(app && { app }),
    ...(birth.createdAt && { createdAt: formatInstant(birth.createdAt) }),
    ...(birth.expiresAt && { expiresAt: formatInstant(birth.expiresAt) }),
    ...(birth.pullRequest !== undefined && { pullRequest: String(birth.pullRequest) }),
    ...(birth.run && { run: birth.run }),
    ...(birth.version && { version: birth.version }),
  }
}

/** What was read where a thing's mark would be. */
export type Reading =
  | { readonly kind: 'marked'; readonly mark: Mark }
  | { readonly kind: 'unmarked' }
  /** Marked by another tool, such as external-dns, which looks after it. */
  | { readonly kind: 'alien'; readonly by: string }
  /** There is something, or there may be, and it cannot be told what. */
  | { readonly kind: 'unreadable'; readonly why: string }

export const unmarked: Reading = { kind: 'unmarked' }
/** What is read where something is there that cannot be understood; `why` completes "it cannot be told, since …". */
export const unreadable = (why: string): Reading => ({ kind: 'unreadable', why })

/** RFC 3339 without fractions. */
export function formatInstant(instant: Date): string {
  return instant.toISOString().replace(/\.\d+Z$/, 'Z')
}
