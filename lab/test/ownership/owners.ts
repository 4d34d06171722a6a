import { type Identity, type Mark, makeMark } from '@meridian/identity'
import { labDomain } from '@meridian/lab-universe'

export type Repository = { readonly id: string; readonly name: string }

/** The repository that every run of the tables belongs to, where nothing else is said. */
export const shop: Repository = { id: '1001', name: 'acme/shop' }
const stranger: Repository = { id: '2002', name: 'acme/other' }
/** Somebody who took the name after the first repository was renamed. */
const namesake: Repository = { id: '3003', name: 'acme/shop' }
export const otherAccount = '444455556666'
export const account = '111122223333'

const environment = 'pr-1'
const below = `${environment}.${labDomain}`
const usual = { domain: labDomain, environment }

/** Whom a run acts for, and whose the thing is that it meets. */
export type Relation = {
  /** What the run says of itself. */
  readonly run: { readonly domain: string; readonly environment?: string }
  /** What the thing says of its owner: a mark, or nothing. */
  readonly mark: Mark | undefined
  /** Words by which a refusal names the owner, or says why it cannot be told. */
  readonly words: RegExp
}

const markOf = (identity: Partial<Identity>) => makeMark({ ...usual, repository: shop, account, ...identity })

/**
 * All owners but the unreadable: their names are the same, since names follow from domain and environment. The two other
 * domains are the hardest, for what they call `usa.pr-1.k8s.example.com` is called so by the environment pr-1 as well.
 */
const relations = {
  ours: { run: usual, mark: markOf({}), words: /./ },
  /** Ours, and wanted for a long time. */
  living: { run: usual, mark: markOf({}), words: /./ },
  older: {
    run: usual,
    mark: { schema: 1, owner: environment, repository: { id: '', name: shop.name } },
    words: /./,
  },
  unclaimed: {
    run: usual,
    mark: undefined,
    words: /not Meridian's|without an owner mark|nobody|nothing says|left no mark|by other means|not made by/,
  },
  'other environment': {
    run: usual,
    mark: markOf({ environment: 'pr-9' }),
    words: /pr-9\.k8s\.example\.com of acme\/shop/,
  },
  'domain below': {
    run: usual,
    mark: markOf({ domain: below, environment: undefined }),
    words: /pr-1\.k8s\.example\.com of acme\/shop/,
  },
  'domain above': {
    run: { domain: below },
    mark: markOf({}),
    words: /pr-1\.k8s\.example\.com of acme\/shop/,
  },
  'other repository': {
    run: usual,
    mark: markOf({ repository: stranger }),
    words: /pr-1\.k8s\.example\.com of acme\/other/,
  },
  'its namesake': {
    run: usual,
    mark: markOf({ repository: namesake }),
    words: /pr-1\.k8s\.example\.com of acme\/shop/,
  },
  'other account': {
    run: usual,
    mark: markOf({ account: otherAccount }),
    words: /account 444455556666|does not belong to account 111122223333/,
  },
} satisfies Record<string, Relation>

const own = relations.ours
const cannot =
  /cannot be told|could not be read|the permission \S+ is missing|may not use it|Access ?Denied|forbidden|not AWS|not Kubernetes/

/** The run's own things, whose marks cannot be read. */
const unreadables = {
  'mark denied': { ...own, words: cannot },
  'mark 404 page': { ...own, words: cannot },
  'mark page': { ...own, words: cannot },
  'mark empty': { ...own, words: cannot },
  'mark garbled': { ...own, words: cannot },
} satisfies Record<string, Relation>

/** How a request for a mark is answered in a row; a mark that is garbled is there as such. */
export const answers = {
  'mark denied': 'denied',
  'mark 404 page': 'proxy-404',
  'mark page': 'proxy-page',
  'mark empty': 'empty-200',
} as const

export const answerOf = (owner: string) => answers[owner as keyof typeof answers] as Answer | undefined
export type Answer = (typeof answers)[keyof typeof answers]

/** Of a row of a table. */
export function relationOf(owner: string): Relation {
  const found: Relation | undefined = { ...relations, ...unreadables }[owner]
  if (found === undefined) throw new Error(`nobody knows the owner '${owner}'`)
  return found
}

/** What version 0.1 wrote as labels of a cluster and tags of a bucket. */
export function tags01(expiresAt?: string): Record<string, string> {
  return {
    'meridian:environment': environment,
    'meridian:owner': shop.name,
    'meridian:run': 'https://github.com/acme/shop/actions/runs/7',
    'meridian:created-at': '2026-01-01T00:00:00Z',
    'meridian:version': '0.1.0',
    ...(expiresAt && { 'meridian:expires-at': expiresAt }),
  }
}
