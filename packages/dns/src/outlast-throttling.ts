import type { Route53Client } from '@aws-sdk/client-route-53'
import { isThrottling } from '@meridian/aws'
import { type Patience, retry } from '@meridian/runner'

/** More tries than any deadline leaves time for. */
const most = 200

/**
 * Makes a client send its reads again for as long as Route 53 throttles them and the job has time: all jobs of an
 * account share five requests a second, which the SDK's few tries do not outlast. Writes have their own loop.
 */
export function outlastThrottling(patience: Patience, client: Route53Client): Route53Client {
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      args =>
        /^(Get|List|Test)/.test(commandName)
          ? retry(patience, {
              what: commandName.replace(/Command$/, ''),
              attempt: () => next(args),
              retryable: isThrottling,
              most,
            })
          : next(args),
    { step: 'initialize', name: 'outlastThrottling' },
  )
  return client
}
