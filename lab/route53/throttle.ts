import { AwsError } from '@meridian/lab-aws-protocol'
import type { Clock } from '@meridian/lab-world'

/**
 * A token bucket in world seconds. Route 53 allows 5 requests per second and account; `reserved` is the part
 * that others use up.
 */
export function createThrottle(clock: Clock, perSecond: number): () => void {
  let tokens = perSecond
  let filledAt = clock.elapsed()
  return () => {
    const now = clock.elapsed()
    tokens = Math.min(perSecond, tokens + (now - filledAt) * perSecond)
    filledAt = now
    if (tokens < 1) throw new AwsError(400, 'Throttling', 'Rate exceeded')
    tokens -= 1
  }
}
