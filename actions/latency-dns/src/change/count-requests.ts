import type { Route53Client } from '@aws-sdk/client-route-53'

export type RequestCount = { reads: number; writes: number }

/** Counts the calls that a client is asked to make from now on, tries of one call as one. */
export function countRequests(client: Route53Client): RequestCount {
  const count = { reads: 0, writes: 0 }
  client.middlewareStack.add(
    (next, context) => args => {
      count[/^(Change|Create|Delete)/.test(context.commandName ?? '') ? 'writes' : 'reads'] += 1
      return next(args)
    },
    // Before what sends a request again.
    { step: 'initialize', name: 'countRequests', priority: 'high' },
  )
  return count
}
