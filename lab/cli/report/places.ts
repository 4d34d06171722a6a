import { findRegion } from '@meridian/aws'
import { worldVantagePoints } from '@meridian/dns'

/** Longitude and latitude in degrees, in the order that maps want them. */
export type Position = [longitude: number, latitude: number]

/** Where one of the world's vantage points is, in degrees. */
export function cityPosition(city: string): Position | undefined {
  const found = worldVantagePoints.find(point => point.city === city)
  return found && [found.longitude, found.latitude]
}

/** Where a region's data centres are, in degrees. */
export function regionPosition(region: string): Position | undefined {
  const found = findRegion(region)
  return found && [found.longitude, found.latitude]
}

/** `N. Virginia` for `us-east-1`; the region itself where no place is known. */
export function regionPlace(region: string): string {
  return findRegion(region)?.place ?? region
}
