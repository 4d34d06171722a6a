import type { Placement } from '@meridian/karmada'
import { describeRef, type KubeObject, refOf } from '@meridian/kube'

/** Where an app goes: all of it, and what goes otherwise. */
export type AppPlacement = Placement & {
  /** Placements of kinds that go otherwise, by kind. */
  kinds?: Readonly<Record<string, Placement>>
  /** Workloads whose replicas are their autoscalers' alone, as `describeRef` names them: each cluster has its own. */
  unsized?: ReadonlySet<string>
  /** Placements of single objects that go otherwise, as `describeRef` names them. */
  each?: ReadonlyMap<string, Placement>
}

/** The placement of one object. */
export function placementOf({ kinds, unsized, each, ...app }: AppPlacement, object: KubeObject): Placement {
  const name = describeRef(refOf(object))
  const own = each?.get(name)
  if (own) return own
  const placement = (kinds && Object.hasOwn(kinds, object.kind) ? kinds[object.kind] : undefined) ?? app
  return unsized?.has(name) ? { ...placement, mode: 'duplicate' } : placement
}
