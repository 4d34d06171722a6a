import type { Route53Client } from '@aws-sdk/client-route-53'
import { isThrottling, isUnreachable } from '@meridian/aws'
import { type Patience, retry } from '@meridian/runner'

/** More tries than any deadline leaves time for: throttling passes. */
const most = 200
/** Whereas a server that fails, or is out of reach, so often is to be told of. */
const mostFaults = 6
/** Five requests a second are for all jobs of an account: who comes back soon only meets the others again. */
const base = 1_000

/**
 * Makes a client send its reads again for as long as Route 53 throttles or fails them and the job has time, which the
 * SDK's few tries do not outlast (make it with `maxAttempts: 1`). Writes and the wait for a change have loops of their own.
 */
export function retryReads(patience: Patience, client: Route53Client): Route53Client {
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      args => {
        if (!/^(GetHostedZone|List|Test)/.test(commandName)) return next(args)
        let faults = 0
        return retry(patience, {
          what: commandName.replace(/Command$/, ''),
          attempt: () => next(args),
          retryable: error => isThrottling(error) || (isFault(error) && ++faults < mostFaults),
          most,
          base,
        })
      },
    { step: 'initialize', name: 'retryReads' },
  )
  return client
}

/** A wrong clock counts too: the SDK has learned the server's time from the refusal. */
function isFault(error: unknown): boolean {
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number; clockSkewCorrected?: boolean } }
  return (
    isUnreachable(error) || ($metadata?.httpStatusCode ?? 0) >= 500 || $metadata?.clockSkewCorrected === true
  )
}
