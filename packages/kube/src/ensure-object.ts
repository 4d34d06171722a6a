import { covers } from './compare.ts'
import type { Kube } from './kube.ts'
import { type KubeObject, refOf } from './object.ts'

export type Ensured = 'created' | 'changed' | 'unchanged'

/**
 * Makes an object be as stated, and writes nothing if it already is. Fields that are no longer stated are
 * removed only when something else makes a write needed, which server-side apply then sees to.
 */
export async function ensureObject(kube: Pick<Kube, 'get' | 'apply'>, desired: KubeObject): Promise<Ensured> {
  const actual = await kube.get(refOf(desired))
  if (actual !== undefined && covers(actual, desired)) return 'unchanged'
  await kube.apply(desired, { force: true })
  return actual === undefined ? 'created' : 'changed'
}
