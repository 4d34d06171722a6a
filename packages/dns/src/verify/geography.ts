export type Position = { readonly latitude: number; readonly longitude: number }

const earthRadiusKilometres = 6371

/** Kilometres along the great circle between two points (haversine). */
export function distanceBetween(from: Position, to: Position): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180
  const half =
    Math.sin(radians(to.latitude - from.latitude) / 2) ** 2 +
    Math.cos(radians(from.latitude)) *
      Math.cos(radians(to.latitude)) *
      Math.sin(radians(to.longitude - from.longitude) / 2) ** 2
  return 2 * earthRadiusKilometres * Math.asin(Math.min(1, Math.sqrt(half)))
}

/** The named place nearest to a point, or undefined where there are no places; ties go to the first. */
export function findNearest<Place extends Position>(
  from: Position,
  places: readonly Place[],
): Place | undefined {
  let nearest: Place | undefined
  let least = Number.POSITIVE_INFINITY
  for (const place of places) {
    const distance = distanceBetween(from, place)
    if (distance < least) [nearest, least] = [place, distance]
  }
  return nearest
}
