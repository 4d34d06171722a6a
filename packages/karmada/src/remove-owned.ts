import { isDeepStrictEqual } from 'node:util'
import { type Owned, readObject } from '@meridian/identity'
import { covers, describeRef, type Kube, type KubeObject, refOf, removeOver } from '@meridian/kube'
import { UserError } from '@meridian/runner'

/**
 * Says of what was judged to be ours, when it has been written since, that it is another thing by now or bears another
 * mark, or that there is something where nothing was: by a UserError. A mark that is the same was judged already.
 */
export function stillOurs(before: KubeObject | undefined): (live: KubeObject | undefined) => void {
  return live => {
    if (live === undefined) return
    const isSame = before !== undefined && live.metadata.uid === before.metadata.uid
    if (isSame && isDeepStrictEqual(readObject(live.metadata), readObject(before.metadata))) return
    throw new UserError(`${describeRef(refOf(live))} is not what it was when this run looked at it`, {
      fix: 'Somebody has replaced it or changed its mark at this moment. It was left as it is: run again, to see whose it is now.',
    })
  }
}

/** The same of what is to be as `desired` says: of two that make it so at once, each may be the one. */
export function stillOursOr(
  desired: KubeObject,
  before: KubeObject | undefined,
): ReturnType<typeof stillOurs> {
  const judge = stillOurs(before)
  return live => {
    if (!covers(live, desired)) judge(live)
  }
}

/** Deletes what is ours, and not what has taken its place or become another's since it was looked at. */
export function removeOwned(kube: Pick<Kube, 'get' | 'remove'>, object: Owned<KubeObject>): Promise<boolean> {
  return removeOver<KubeObject>(kube, object, stillOurs(object))
}
