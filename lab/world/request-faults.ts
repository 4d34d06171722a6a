/**
 * The ways in which one AWS request can be made to fail. `throttle`, `busy`, `error` and `unavailable` are refusals
 * in the words of the service; `reset-before` and `hang` are not carried out, `reset-after`, `hang-after` and
 * `truncate` (the answer ends half way) are: their client cannot know. Whoever hangs waits until he gives up.
 */
export const failures = [
  'throttle',
  'busy',
  'error',
  'unavailable',
  'reset-before',
  'reset-after',
  'hang',
  'hang-after',
  'truncate',
] as const
export type Failure = (typeof failures)[number]

/** Which requests fail: the `nth` of those that match, counted from 1 since the fault was planned. */
export type RequestFault = {
  failure: Failure
  nth: number
  /** How many matching requests in a row fail, 1 by default. */
  times?: number
  /** As in the request log: `route53`, `s3`, `sts`, `ec2`, … Any by default. */
  service?: string
  /** As the service's model calls it: `ChangeResourceRecordSets`. Any by default. */
  operation?: string
  /** As in the request log: `latency-dns`, `kops`, … Any by default. */
  client?: string
}

export type FaultedRequest = { service: string; operation: string; client: string }

/**
 * Faults of single requests, for sweeps: plan one for request k, run, and stop raising k when `struck()` is 0.
 *
 *     const fault = world.faults.requests.plan({ failure: 'reset-after', nth: k })
 */
export type RequestFaults = {
  plan(fault: RequestFault): { struck(): number }
  /** Forgets every fault that was planned. */
  clear(): void
  /** Counts a request; returns how it is to fail. */
  meet(request: FaultedRequest): Failure | undefined
}

export function createRequestFaults(): RequestFaults {
  let planned: { fault: RequestFault; met: number; struck: number }[] = []
  return {
    plan(fault) {
      const entry = { fault, met: 0, struck: 0 }
      planned.push(entry)
      return { struck: () => entry.struck }
    },
    clear() {
      planned = []
    },
    meet(request) {
      let failure: Failure | undefined
      for (const entry of planned.filter(({ fault }) => matches(fault, request))) {
        entry.met += 1
        const { nth, times = 1 } = entry.fault
        if (failure !== undefined || entry.met < nth || entry.met >= nth + times) continue
        failure = entry.fault.failure
        entry.struck += 1
      }
      return failure
    },
  }
}

function matches(fault: RequestFault, request: FaultedRequest): boolean {
  return (['service', 'operation', 'client'] as const).every(
    key => fault[key] === undefined || fault[key] === request[key],
  )
}
