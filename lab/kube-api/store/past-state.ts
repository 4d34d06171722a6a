import { type Kind, sameResource } from '../kind.ts'
import type { KubeObject } from '../objects.ts'
import type { Change } from './history.ts'
import { inVersion } from './in-version.ts'

/** The objects of a kind as they were before `changes`, which lead to `present`; sorted by namespace and name. */
export function undoChanges(
  present: readonly KubeObject[],
  changes: readonly Change[],
  kind: Kind,
): KubeObject[] {
  const objects = new Map(present.map(object => [placeOf(object), object]))
  for (const { type, object, previous } of changes
    .filter(change => sameResource(change.kind, kind))
    .toReversed()) {
    if (type === 'ADDED') objects.delete(placeOf(object))
    else objects.set(placeOf(object), previous ?? object)
  }
  const places = [...objects.keys()].sort()
  return places.flatMap(place => objects.get(place) ?? []).map(object => inVersion(kind, object))
}

/** Where an object stands in a list: namespace and name. */
export function placeOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`
}
