import { UserError } from '@meridian/runner'
import type { Kube } from '../client/kube.ts'
import { covers } from './compare.ts'
import { describeRef, type KubeObject, refOf } from './object.ts'
import { applyOver } from './write-over.ts'

export type Ensured = 'created' | 'changed' | 'unchanged'

/** What an object now is, and what became of it. */
export type EnsuredObject = { readonly outcome: Ensured; readonly object: KubeObject }

type Seen = readonly (KubeObject | undefined)[]

/**
 * Makes objects be as stated, in the order given, and writes nothing that already is. Fields that are no longer
 * stated are removed only when something else makes a write needed, which server-side apply then sees to. `judge`
 * throws of what is there and may not be changed. What another has made since it was looked at is a UserError.
 */
export async function ensureObjects(
  kube: Pick<Kube, 'get' | 'apply'>,
  desired: readonly KubeObject[],
  judge: (live: KubeObject) => void = () => {},
): Promise<Ensured[]> {
  const present = await Promise.all(desired.map(object => kube.get(refOf(object))))
  return (await ensureOver(kube, desired, present, judge)).map(({ outcome }) => outcome)
}

/** The same over what was seen of each object, in the same order. */
export async function ensureOver(
  kube: Pick<Kube, 'get' | 'apply'>,
  desired: readonly KubeObject[],
  present: Seen,
  judge: (live: KubeObject) => void = () => {},
): Promise<EnsuredObject[]> {
  const ensured: EnsuredObject[] = []
  for (const [at, outcome] of compareObjects(desired, present).entries()) {
    const [object, seen] = [desired[at] as KubeObject, present[at]]
    if (seen !== undefined && outcome === 'unchanged') {
      ensured.push({ outcome, object: seen })
      continue
    }
    if (seen !== undefined) judge(seen)
    const judgeNow = (live: KubeObject | undefined) => {
      // Of two that make the same at once, each may be the one.
      if (live === undefined || covers(live, object)) return
      if (live.metadata.uid !== seen?.metadata.uid) throw madeByAnother(object)
      judge(live)
    }
    const written = await applyOver(kube, object, { seen, judge: judgeNow }, { force: true })
    ensured.push({ outcome, object: written })
  }
  return ensured
}

/** What `ensureOver` would do. Pure. */
export function compareObjects(desired: readonly KubeObject[], present: Seen): Ensured[] {
  return desired.map((object, at) => {
    const seen = present[at]
    if (seen === undefined) return 'created'
    return covers(seen, object) ? 'unchanged' : 'changed'
  })
}

function madeByAnother(object: KubeObject): UserError {
  return new UserError(`another has made ${describeRef(refOf(object))} at this moment`, {
    fix: 'It was left as it is. Run again, to see whose it is now.',
  })
}
