import { GetChangeCommand } from '@aws-sdk/client-route-53'
import { errorCode, isAccessDenied } from '@meridian/aws'
import { done, messageOf, type Patience, TimeoutError, waitFor, waiting } from '@meridian/runner'
import type { Route53 } from '../route53.ts'

/** Did a change reach every name server of Route 53? A wait that ran out is no failure: most often the change stands. */
export type SyncState = { readonly inSync: boolean; readonly seconds: number; readonly reason?: string }

/** Sooner and more often than the SDK's waiter, which sleeps 30 s first and takes every error for "not yet". */
const every = { first: 3_000, most: 3_000 }

/**
 * Waits until a change is INSYNC, at most `timeout` milliseconds. Gives up at once if GetChange is not allowed, and if
 * Route 53 does not know the change (any more): that of a zone with accelerated recovery may be lost in a failover.
 */
export async function waitInSync(
  patience: Patience,
  route53: Route53,
  changeId: string,
  timeout: number,
): Promise<SyncState> {
  const started = Date.now()
  const seconds = () => Math.round((Date.now() - started) / 100) / 10
  const probe = async () => {
    try {
      const answer = await route53.send(new GetChangeCommand({ Id: changeId }))
      const status = answer.ChangeInfo?.Status ?? 'unknown'
      return status === 'INSYNC' ? done(undefined) : waiting(status)
    } catch (error) {
      if (errorCode(error) === 'NoSuchChange') return done('Route 53 does not know it')
      if (isAccessDenied(error)) return done(`it cannot be watched: ${messageOf(error)}`)
      return waiting(messageOf(error))
    }
  }
  try {
    const what = `change ${changeId} to reach all name servers`
    const reason = await waitFor(patience, { what, fix: '', timeout, every, probe })
    return reason === undefined
      ? { inSync: true, seconds: seconds() }
      : { inSync: false, seconds: seconds(), reason }
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error
    return { inSync: false, seconds: seconds(), reason: error.message }
  }
}
