import type { KubeObject } from './objects.ts'

export type Condition = {
  type: string
  status: 'True' | 'False' | 'Unknown'
  reason: string
  message: string
  lastTransitionTime?: string
}

/** The condition of a type in an object's status. */
export function findCondition(object: Pick<KubeObject, string>, type: string): Condition | undefined {
  const status = object.status as { conditions?: Condition[] } | undefined
  return status?.conditions?.find(each => each.type === type)
}

/**
 * The conditions with one of them set; its lastTransitionTime moves only when its status changes, and the same
 * condition again leaves the list equal to what it was.
 */
export function setCondition(
  conditions: readonly Condition[] | undefined,
  next: Omit<Condition, 'lastTransitionTime'>,
  now: string,
): Condition[] {
  const others = (conditions ?? []).filter(each => each.type !== next.type)
  const last = conditions?.find(each => each.type === next.type)
  const lastTransitionTime = last?.status === next.status ? (last.lastTransitionTime ?? now) : now
  const place = (conditions ?? []).findIndex(each => each.type === next.type)
  return others.toSpliced(place < 0 ? others.length : place, 0, { ...next, lastTransitionTime })
}
