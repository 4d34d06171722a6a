import { UserError } from '@meridian/runner'
import type { Kube } from '../client/kube.ts'
import { covers } from './compare.ts'
import { describeRef, type KubeObject, refOf } from './object.ts'
import { applyOver } from './write-over.ts'

export type Ensured = 'created' | 'changed' | 'unchanged'

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
  const present = await readAll(kube, desired)
  const outcomes = desired.map((object, at) => outcomeOf(object, present[at]))
  for (const [at, object] of desired.entries()) {
    if (outcomes[at] === 'unchanged') continue
    const seen = present[at]
    if (seen !== undefined) judge(seen)
    const judgeNow = (live: KubeObject | undefined) => {
      // Of two that make the same at once, each may be the one.
      if (live === undefined || covers(live, object)) return
      if (live.metadata.uid !== seen?.metadata.uid) throw madeByAnother(object)
      judge(live)
    }
    await applyOver(kube, object, { seen, judge: judgeNow }, { force: true })
  }
  return outcomes
}

/** What `ensureObjects` would do; nothing is written. */
export async function inspectObjects(
  kube: Pick<Kube, 'get'>,
  desired: readonly KubeObject[],
): Promise<Ensured[]> {
  const present = await readAll(kube, desired)
  return desired.map((object, at) => outcomeOf(object, present[at]))
}

function readAll(kube: Pick<Kube, 'get'>, desired: readonly KubeObject[]) {
  return Promise.all(desired.map(object => kube.get(refOf(object))))
}

function outcomeOf(desired: KubeObject, present: KubeObject | undefined): Ensured {
  if (present === undefined) return 'created'
  return covers(present, desired) ? 'unchanged' : 'changed'
}

function madeByAnother(object: KubeObject): UserError {
  return new UserError(`another has made ${describeRef(refOf(object))} at this moment`, {
    fix: 'It was left as it is. Run again, to see whose it is now.',
  })
}
