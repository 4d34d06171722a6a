import { AwsError } from '@meridian/lab-aws-protocol'
import type { World } from '@meridian/lab-world'
import type { Zone } from './zones.ts'

/** How long a zone refuses further changes after one has been accepted, in world seconds. */
export const busySeconds = 0.2
const foreignChanges = 3

/** Route 53 carries out one change of a zone at a time and refuses the others. */
export function refuseWhileBusy(world: World, zone: Zone): void {
  const busy = world.clock.elapsed() < zone.busyUntil
  if (!busy && !world.faults.strike('busy-zone', zone.id, foreignChanges)) return
  throw new AwsError(
    400,
    'PriorRequestNotComplete',
    'The request was rejected because Route 53 was still processing a prior request.',
  )
}
