import type { Route53Client } from '@aws-sdk/client-route-53'
import { errorCode, isThrottling, isUnreachable } from '@meridian/aws'
import { formatDuration, messageOf, type Patience, pause } from '@meridian/runner'
import { drawPause, gapOf, noteAdmitted, noteRefused, pauseOf, unhindered } from './pace.ts'

/** A server that fails, or is out of reach, so often is to be told of. */
const mostFaults = 6
const faultMilliseconds = { first: 2_000, most: 15_000 }

/**
 * Paces a client's requests by what Route 53 refuses of them, since all jobs of an account have five a second together: what
 * was refused is sent again for as long as the job has time, which the SDK's few tries do not outlast (make it with
 * `maxAttempts: 1`, so that they are not added). Reads that fail otherwise are repeated a few times; writes have a loop of their own.
 */
export function paceRequests(patience: Patience, client: Route53Client): Route53Client {
  let pace = unhindered
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async args => {
        const isRead = /^(GetHostedZone|List|Test)/.test(commandName)
        for (let faults = 0; ; ) {
          await pause(
            drawPause(gapOf(pace), patience.deadline - Date.now(), Math.random) ?? 0,
            patience.signal,
          )
          try {
            const answer = await next(args)
            pace = noteAdmitted(pace)
            return answer
          } catch (error) {
            const refused = isRateExceeded(error)
            pace = refused ? noteRefused(pace) : noteAdmitted(pace)
            if (!refused && !(isRead && isFault(error) && ++faults < mostFaults)) throw error
            const most = Math.min(faultMilliseconds.most, faultMilliseconds.first * 2 ** (faults - 1))
            const left = patience.deadline - Date.now()
            const wait = drawPause(refused ? pauseOf(pace) : { least: 0, most }, left, Math.random)
            if (wait === undefined) throw error
            patience.log.info(
              `${commandName.replace(/Command$/, '')}: ${messageOf(error)}; going on in ${formatDuration(wait)}`,
            )
            await pause(wait, patience.signal)
          }
        }
      },
    { step: 'initialize', name: 'paceRequests' },
  )
  return client
}

/** The account's requests are too many, not the zone's changes: nothing was carried out. */
function isRateExceeded(error: unknown): boolean {
  return isThrottling(error) && errorCode(error) !== 'PriorRequestNotComplete'
}

/** A wrong clock counts too: the SDK has learned the server's time from the refusal. */
function isFault(error: unknown): boolean {
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number; clockSkewCorrected?: boolean } }
  return (
    isUnreachable(error) || ($metadata?.httpStatusCode ?? 0) >= 500 || $metadata?.clockSkewCorrected === true
  )
}
