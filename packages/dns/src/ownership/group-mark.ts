import { type Identity, type Mark, makeMark } from '@meridian/identity'

/** Until when and for which pull request a group is wanted. */
export type GroupBirth = {
  /** Number of the pull request that the run belongs to. */
  readonly pullRequest?: number | undefined
  /** How many milliseconds the group is wanted for, counted from `now`; for good where absent. */
  readonly life?: { readonly lifetime: number; readonly now: Date } | undefined
}

/** The mark of a group that is changed now: what is known of its owner by the mark that it had is kept. */
export function markGroup(identity: Identity, { pullRequest, life }: GroupBirth, before?: Mark): Mark {
  const expiresAt = life && new Date(life.now.getTime() + life.lifetime)
  return { ...makeMark(identity, { pullRequest, expiresAt }), ...keep(identity, before) }
}

/** The mark of a group that loses some of its regions: neither its expiry nor its pull request changes. */
export function remarkGroup(identity: Identity, before: Mark): Mark {
  const { expiresAt, pullRequest } = before
  return {
    ...makeMark(identity),
    ...keep(identity, before),
    ...(expiresAt && { expiresAt }),
    ...(pullRequest && { pullRequest }),
  }
}

/** An input that names the repository does not know its id; a run that does not ask for its account does not know that. */
function keep(identity: Identity, before: Mark | undefined): Partial<Mark> {
  const { repository } = before ?? {}
  const account = identity.account ?? before?.account
  return {
    ...(identity.repository.id === '' && repository && repository.id !== '' && { repository }),
    ...(account && { account }),
  }
}

/**
 * Must a mark be written anew although its group stays? When it says another pull request, or another end than the
 * run wants, who would else lose the group to reap, or keep it for ever. An end is put off only when less than half
 * of the lifetime is left, so that most runs write nothing.
 */
export function isMarkDue(before: Mark, { pullRequest, life }: GroupBirth): boolean {
  if (before.pullRequest !== (pullRequest === undefined ? undefined : String(pullRequest))) return true
  if (life === undefined) return before.expiresAt !== undefined
  const left = Date.parse(before.expiresAt ?? '') - life.now.getTime()
  return !(left >= life.lifetime / 2 - 1_000 && left <= life.lifetime)
}
