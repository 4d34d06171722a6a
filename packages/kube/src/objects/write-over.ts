import { isConflict, isOvertaken } from '../client/errors.ts'
import type { Kube } from '../client/kube.ts'
import { type KubeObject, type ObjectRef, refOf } from './object.ts'

/** What was looked at before a write, and who says of what has come since whether it may be written over: by throwing. */
export type Look<T extends KubeObject = KubeObject> = {
  readonly seen: T | undefined
  readonly judge: (live: T | undefined) => void
}

/** Controllers write the status of what lives, so that a look is often out of date; not for ever. */
const mostLooks = 10

/**
 * Writes over exactly what was looked at, or where nothing was. What has changed since is read and judged anew, whether
 * or not it is written then.
 */
async function writeOver<T extends KubeObject, R>(
  kube: Pick<Kube, 'get'>,
  ref: ObjectRef,
  { seen, judge }: Look<T>,
  write: (seen: T | undefined) => Promise<R>,
): Promise<R> {
  for (let look = 1, over = seen; ; look += 1) {
    try {
      return await write(over)
    } catch (error) {
      if (!isConflict(error)) throw error
      over = await kube.get<T>(ref)
      judge(over)
      if (!isOvertaken(error) || look === mostLooks) throw error
    }
  }
}

/** Applies an object over what was looked at. Rejects as `judge` throws, or with a conflict over its fields. */
export function applyOver<T extends KubeObject = KubeObject>(
  kube: Pick<Kube, 'get' | 'apply'>,
  object: KubeObject,
  look: Look,
  options: { force?: boolean; dryRun?: boolean } = {},
): Promise<T> {
  return writeOver(kube, refOf(object), look, seen =>
    kube.apply<T>(object, { ...options, over: seen ?? 'nothing' }),
  )
}

type Change = { metadata?: object; [field: string]: unknown }

/** Changes an object by a merge patch, which may be made of what it is by then; undefined where it is gone. */
export function patchOver<T extends KubeObject>(
  kube: Pick<Kube, 'get' | 'patch'>,
  seen: T,
  change: Change | ((over: T) => Change),
  judge: Look<T>['judge'],
): Promise<T | undefined> {
  const ref = refOf(seen)
  return writeOver<T, T | undefined>(kube, ref, { seen, judge }, async over => {
    if (over === undefined) return undefined
    const { resourceVersion } = over.metadata
    const body = typeof change === 'function' ? change(over) : change
    return kube.patch<T>(ref, { ...body, metadata: { ...body.metadata, resourceVersion } }, 'merge')
  })
}

/** Deletes an object; false where it is gone. */
export function removeOver<T extends KubeObject>(
  kube: Pick<Kube, 'get' | 'remove'>,
  seen: T,
  judge: Look<T>['judge'],
): Promise<boolean> {
  const ref = refOf(seen)
  return writeOver(kube, ref, { seen, judge }, async over => over !== undefined && kube.remove(ref, { over }))
}
