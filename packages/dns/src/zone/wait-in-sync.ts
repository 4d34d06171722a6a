import { GetChangeCommand } from '@aws-sdk/client-route-53'
import { errorCode, isAccessDenied } from '@meridian/aws'
import { done, messageOf, type Patience, TimeoutError, waitFor, waiting } from '@meridian/runner'
import type { Route53 } from '../route53.ts'

/** Did a change reach every name server of Route 53? A wait that ran out is no failure: most often the change stands. */
export type SyncState = { readonly inSync: boolean; readonly seconds: number; readonly reason?: string }

/** Sooner and more often than the SDK's waiter, which sleeps 30 s first and takes every error for "not yet". */
const every = { first: 3_000, most: 3_000 }
/** Name servers may be asked more often: there is no quota for that. */
const everyWord = { first: 1_000, most: 1_000 }
/** AWS says that changes are generally on all name servers within this time. */
export const spreadMilliseconds = 60_000

/** Whether the zone's name servers know a change; undefined where none of them can be asked. */
export type IsKnown = () => Promise<boolean | undefined>

/**
 * Waits until a change is INSYNC, at most `timeout` milliseconds. Gives up at once if GetChange is not allowed, and if
 * Route 53 does not know the change (any more): that of a zone with accelerated recovery may be lost in a failover.
 * With `isKnown` it is asked only once the name servers that are reached know the change, so that most often one request
 * is enough: five a second are for all jobs of an account.
 */
export async function waitInSync(
  patience: Patience,
  route53: Route53,
  changeId: string,
  timeout: number,
  isKnown?: IsKnown,
): Promise<SyncState> {
  const started = Date.now()
  const seconds = () => Math.round((Date.now() - started) / 100) / 10
  const what = `change ${changeId} to reach all name servers`
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
    if (isKnown) await untilKnown(patience, what, Math.min(timeout, spreadMilliseconds), isKnown)
    const left = Math.max(0, started + timeout - Date.now())
    const reason = await waitFor(patience, { what, fix: '', timeout: left, every, probe })
    return reason === undefined
      ? { inSync: true, seconds: seconds() }
      : { inSync: false, seconds: seconds(), reason }
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error
    return { inSync: false, seconds: seconds(), reason: error.message }
  }
}

/** Returns at the latest after `timeout`: what name servers say, or do not, is no word of Route 53. */
async function untilKnown(
  patience: Patience,
  what: string,
  timeout: number,
  isKnown: IsKnown,
): Promise<void> {
  const probe = async () =>
    (await isKnown()) === false ? waiting('name servers do not know it yet') : done(undefined)
  await waitFor(patience, { what, fix: '', timeout, every: everyWord, probe }).catch((error: unknown) => {
    if (!(error instanceof TimeoutError)) throw error
  })
}
