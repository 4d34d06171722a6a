import { optional, type Parser, required } from '@meridian/runner'

import { judgeClaim } from './claim.ts'
import { type Identity, isSameRepository, noEnvironment, type Place, type Repository } from './identity.ts'

import type { Mark } from './mark.ts'
import { domain, environmentName } from './parse-names.ts'

// No repository of GitHub has the name `.` or `..`, or one that ends like the address it is cloned from.
const repository = /^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/(?!\.{1,2}$)(?!.*\.git$)[A-Za-z0-9._-]{1,100}$/

/** A repository as `owner/name`. */
const repositoryName: Parser<string> = raw => {
  if (!repository.test(raw)) throw new Error("must be a repository such as 'acme/shop'")
  return raw
}

/** A repository, or all of an owner as `acme/*`. */
export const repositoryPattern: Parser<string> = raw => {
  if (/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/\*$/.test(raw)) return raw
  if (!repository.test(raw)) throw new Error("must be a repository such as 'acme/shop', or 'acme/*'")
  return raw
}

/** What every action takes to know whom it acts for, to be spread into `defineInputs`. */
export const identityInputs = {
  domain: required(domain),
  environment: optional(environmentName),
  repository: optional(repositoryName),
}

/** What GitHub says of the repository that a run belongs to. */
export type RunRepository = { readonly repository: string; readonly repositoryId: string }

/** The run's own repository, or the one that an input names instead, whose id is not known. */
export function repositoryOf(run: RunRepository, named: string | undefined): Repository {
  const own = { id: run.repositoryId, name: run.repository }
  return named === undefined || named.toLowerCase() === own.name.toLowerCase() ? own : { id: '', name: named }
}

/** Whom a run acts for, by its inputs and GitHub's word. */
export function identityOf(
  given: Place & { readonly repository?: string | undefined; readonly owner?: string | undefined },
  run: RunRepository,
): Identity {
  const { domain, environment, owner } = given
  return { domain, environment, owner, repository: repositoryOf(run, given.repository) }
}

/** Whether a repository is the run's own, or one of those that `owners` names (`acme/shop`, `acme/*`). */
export function isAmong(owner: Repository, own: Repository, owners: readonly string[] | undefined): boolean {
  if (owners === undefined) return isSameRepository(owner, own)
  return owners.some(pattern =>
    pattern.endsWith('/*')
      ? owner.name.toLowerCase().startsWith(pattern.slice(0, -1).toLowerCase())
      : isSameRepository(owner, repositoryOf({ repository: own.name, repositoryId: own.id }, pattern)),
  )
}

/** Whom a mark speaks for; undefined where it does not say enough to act for them, as those of version 0.1 do. */
export function identityOfMark(mark: Mark): Identity | undefined {
  const { owner, domain, repository = { id: '', name: '' } } = mark
  if (domain === undefined) return undefined
  return { domain, environment: owner === noEnvironment ? undefined : owner, repository }
}

/**
 * How to act upon what a foreign mark speaks for, to follow a refusal: by the input `repository`, if that alone makes it
 * the run's own; '' where it does not.
 */
export function adviseRepository(mark: Mark | undefined, identity: Identity): string {
  const name = mark?.repository?.name ?? ''
  if (mark === undefined || name === '') return ''
  const { id, name: own } = identity.repository
  const repository = repositoryOf({ repository: own, repositoryId: id }, name)
  const claim = judgeClaim(mark, { kind: 'marked', mark }, { ...identity, repository })
  return claim.kind === 'ours' ? ` If it is yours all the same, set repository to ${name}.` : ''
}
