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
  const actual = await Promise.all(desired.map(object => kube.get(refOf(object))))
  const outcomes: Ensured[] = []
  for (const [at, object] of desired.entries()) {
    const present = actual[at]
    const same = present !== undefined && covers(present, object)
    if (!same) await kube.apply(object, { force: true })
    outcomes.push(same ? 'unchanged' : present === undefined ? 'created' : 'changed')
  }
  return outcomes
}
