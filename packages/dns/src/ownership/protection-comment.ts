import { type Identity, judgeClaim, type Mark, makeMark, type Owned, unmarked } from '@meridian/identity'
import { parseMarkText, readMarkFields, writeMarkText } from './mark-text.ts'
import type { Protection } from './protections.ts'

/** The most characters that Route 53 takes. */
const longest = 256
const advice = 'change these records with latency-dns'

/**
 * The comment says who made a protection: only those of the run's identity are ever lifted. The name of a repository
 * gives way where all is too long: its id tells who it is. Undefined where even that does not fit.
 */
export function protectionComment(identity: Identity): string | undefined {
  const { account: _, ...mark } = makeMark(identity)
  const nameless: Mark = { ...mark, repository: { id: identity.repository.id, name: '' } }
  const texts = [mark, ...(identity.repository.id === '' ? [] : [nameless])].map(one => writeMarkText(one))
  const fitting = texts.find(text => text.length < longest)
  return fitting && `${fitting}: ${advice}`.slice(0, longest)
}

/** Which protections an identity has made, and which others have. */
export function sortProtections(
  protections: readonly Protection[],
  identity: Identity,
): { ours: Owned<Protection>[]; others: Protection[] } {
  const claims = protections.map(one => ({ one, claim: judgeClaim(one, readComment(one), identity) }))
  return {
    ours: claims.flatMap(({ claim }) => (claim.kind === 'ours' ? [claim.owned] : [])),
    others: claims.flatMap(({ one, claim }) => (claim.kind === 'ours' ? [] : [one])),
  }
}

function readComment({ comment }: Protection) {
  const fields = parseMarkText(comment.split(':', 1)[0] ?? '')
  return fields === undefined ? unmarked : readMarkFields(fields, 'its comment')
}
