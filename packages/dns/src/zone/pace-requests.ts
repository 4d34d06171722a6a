import type { Route53Client } from '@aws-sdk/client-route-53'
import { errorCode, isThrottling, isUnreachable } from '@meridian/aws'
import { formatDuration, messageOf, type Patience, pause, retry } from '@meridian/runner'
import { drawPause, gapOf, noteAdmitted, noteRefused, pauseOf, unhindered } from './pace.ts'

/** A server that fails, or is out of reach, so often is to be told of; milliseconds from which its pauses are reckoned. */
const faults = { most: 6, base: 1_000 }

/**
 * Paces a client's requests by what Route 53 refuses of them, since all jobs of an account have five a second together: what
 * was refused is sent again for as long as the job has time, which the SDK's few tries do not outlast (make it with
 * `maxAttempts: 1`, so that they are not added). Reads that fail otherwise are repeated a few times; writes have a loop of their own.
 */
export function paceRequests(patience: Patience, client: Route53Client): Route53Client {
  let pace = unhindered
  const left = () => patience.deadline - Date.now()
  const sendPaced = async <T>(what: string, send: () => Promise<T>): Promise<T> => {
    for (;;) {
      await pause(drawPause(gapOf(pace), left(), Math.random) ?? 0, patience.signal)
      try {
        const answer = await send()
        pace = noteAdmitted(pace)
        return answer
      } catch (error) {
        const refused = isRateExceeded(error)
        pace = refused ? noteRefused(pace) : noteAdmitted(pace)
        const wait = refused ? drawPause(pauseOf(pace), left(), Math.random) : undefined
        if (wait === undefined) throw error
        patience.log.info(`${what}: ${messageOf(error)}; going on in ${formatDuration(wait)}`)
        await pause(wait, patience.signal)
      }
    }
  }
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      args => {
        const what = commandName.replace(/Command$/, '')
        const attempt = () => sendPaced(what, () => next(args))
        const isRead = /^(GetHostedZone|List|Test)/.test(commandName)
        return isRead ? retry(patience, { what, attempt, retryable: isFault, ...faults }) : attempt()
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
