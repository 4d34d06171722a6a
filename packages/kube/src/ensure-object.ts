import { covers } from './compare.ts'
import type { Kube } from './kube.ts'
import { type KubeObject, refOf } from './object.ts'

export type Ensured = 'created' | 'changed' | 'unchanged'

/**
 * Makes objects be as stated, in the order given, and writes nothing that already is. Fields that are no longer
 * stated are removed only when something else makes a write needed, which server-side apply then sees to.
 */
export async function ensureObjects(
  kube: Pick<Kube, 'get' | 'apply'>,
  desired: readonly KubeObject[],
): Promise<Ensured[]> {
  const outcomes = await inspectObjects(kube, desired)
  for (const [at, object] of desired.entries())
    if (outcomes[at] !== 'unchanged') await kube.apply(object, { force: true })
  return outcomes
}

/** What `ensureObjects` would do; nothing is written. */
export async function inspectObjects(
  kube: Pick<Kube, 'get'>,
  desired: readonly KubeObject[],
): Promise<Ensured[]> {
  return Promise.all(
    desired.map(async object => {
      const present = await kube.get(refOf(object))
      if (present === undefined) return 'created'
      return covers(present, object) ? 'unchanged' : 'changed'
    }),
  )
}
