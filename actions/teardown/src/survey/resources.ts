import { type Identity, judgeClaim, readTags } from '@meridian/identity'
import { isMadeByKops, type Leak } from '@meridian/inventory'

/** A resource that has a cluster's name and is not the run's own. */
type OtherResource = {
  readonly leak: Leak
  /** Completes "it belongs to …" or "whose it is cannot be told: …"; undefined where nobody has marked it. */
  readonly whose: string | undefined
}

/** What AWS has under a cluster's name, by what each thing itself says of its owner. */
export type Resources = {
  readonly ours: readonly Leak[]
  readonly others: readonly OtherResource[]
  /** Without a mark, as what a cluster's controllers make, or without tags that could be read. */
  readonly unmarked: readonly Leak[]
}

/**
 * Whose the resources are that bear a cluster's name. kops deletes by that name, whoever made them: two clusters of one
 * name from two state stores look to it like one. `marked`: what kops makes for this cluster carries marks. Pure.
 */
export function judgeResources(seen: readonly Leak[], identity: Identity, marked: boolean): Resources {
  const ours: Leak[] = []
  const others: OtherResource[] = []
  const unmarked: Leak[] = []
  for (const leak of seen) {
    if (leak.tags === undefined) {
      unmarked.push(leak)
      continue
    }
    const claim = judgeClaim(leak, readTags(leak.tags), identity)
    if (claim.kind === 'ours') ours.push(leak)
    else if (claim.kind === 'foreign') others.push({ leak, whose: claim.whose })
    else if (claim.kind === 'unreadable') others.push({ leak, whose: claim.why })
    else if (marked && isMadeByKops(leak)) others.push({ leak, whose: undefined })
    else unmarked.push(leak)
  }
  return { ours, others, unmarked }
}
