import { findRegion } from '@meridian/lab-world'
import { ToolError } from '../terminal.ts'

/** Throws `ToolError` unless there are zones, all of them exist and they lie in one region. */
export function checkZones(zones: readonly string[]): void {
  const [first] = zones
  if (first === undefined) throw new ToolError('must specify at least one zone for the cluster (use --zones)')
  const name = first.slice(0, -1)
  for (const zone of zones) {
    if (zone.slice(0, -1) !== name) {
      throw new ToolError(
        `error Clusters cannot span multiple regions (found zone "${zone}", but region is "${name}")`,
      )
    }
    const region = findRegion(name)
    if (!region) {
      throw new ToolError(
        `error Region is not a recognized EC2 region: "${name}" (check you have specified valid zones?)`,
      )
    }
    if (!region.zones.includes(zone)) {
      throw new ToolError(
        `error Zone is not a recognized AZ: "${zone}" (check you have specified a valid zone?)`,
      )
    }
  }
}
