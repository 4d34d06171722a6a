/**
 * The ways in which any request can be made to fail. `throttle`, `busy`, `error` and `unavailable` are refusals
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
/**
 * Further ways of Kubernetes requests: `gone` is 410 as a status, `slow` takes ten seconds, and a watch loses the first
 * change after it began: to a clean end, to a 410 in the stream, or inside its line (`truncate`).
 */
const kubernetesFailures = ['gone', 'slow', 'stream-end', 'stream-expired'] as const
/**
 * Further ways of AWS requests: something in between answers for the service, without the identifiers that the
 * service's own answers carry: 502, 404 or 200 with a page of HTML, or 200 with nothing. Nothing is carried out.
 */
export const proxyFailures = ['gateway', 'proxy-404', 'proxy-page', 'empty-200'] as const
/** Further ways of AWS requests: what no repetition mends, since the credentials may not do it, or have expired. */
const refusals = ['denied', 'expired'] as const
export type Failure =
  | (typeof failures)[number]
  | (typeof kubernetesFailures)[number]
  | (typeof refusals)[number]
  | (typeof proxyFailures)[number]

/** Which requests fail: the `nth` of those that match, counted from 1 since the fault was planned. */
export type RequestFault = {
  /** None only counts. */
  failure?: Failure
  nth: number
  /** How many matching requests in a row fail, 1 by default. */
  times?: number
  /** As in the request log: `route53`, `s3`, `sts`, `ec2`, `kubernetes`, `karmada`, … Any by default. */
  service?: string
  /** As the service's model calls it: `ChangeResourceRecordSets`, `patch deployments.apps`. Any by default. */
  operation?: string
  /** As in the request log: `latency-dns`, `kops`, … Any by default but Karmada's own controllers. */
  client?: string
  /** Key of the S3 object, or the prefix of a listing; an AWS request without one has none. */
  key?: string | RegExp
  /** ARN of what an AWS request is about, as in the request log. */
  resource?: string | RegExp
  /** One of the API servers: the full name of a cluster, or `karmada on <full name>`. Then of any client. */
  server?: string
  concerns?(request: FaultedRequest): boolean
  /** Told when the fault strikes, before anything else happens: to cancel a run at request k. */
  onStrike?(request: FaultedRequest): void
}

export type FaultedRequest = {
  service: string
  operation: string
  client: string
  server?: string
  /** Both of AWS requests only. */
  resource?: string
  key?: string
  /** Of Kubernetes requests only, with its query. */
  path?: string
  /** Another server has passed it on and has met its faults already. */
  relayed?: true
}
type PlannedFault = { struck(): number; forget(): void }

/** Whether a service of the request log is an API server of Kubernetes. */
export function isKubernetes(service: string): boolean {
  return service === 'kubernetes' || service === 'karmada'
}

/**
 * Faults of single requests, for sweeps: plan one for request k, run, and stop raising k when `struck()` is 0.
 *
 *     const fault = world.faults.requests.plan({ failure: 'reset-after', nth: k })
 */
export type RequestFaults = {
  plan(fault: RequestFault): PlannedFault
  /** Forgets every fault that was planned. */
  clear(): void
  /** Counts a request; returns how it is to fail. */
  meet(request: FaultedRequest): Failure | undefined
}

/** No faults yet. Of several that match one request the first strikes; all count it. */
export function createRequestFaults(): RequestFaults {
  let planned: { fault: RequestFault; met: number; struck: number }[] = []
  return {
    plan(fault) {
      const entry = { fault, met: 0, struck: 0 }
      planned.push(entry)
      return {
        struck: () => entry.struck,
        forget() {
          planned = planned.filter(each => each !== entry)
        },
      }
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
        entry.fault.onStrike?.(request)
      }
      return failure
    },
  }
}

// Karmada asks its members again and again: counted along, no number would mean the same request twice.
function matches(fault: RequestFault, request: FaultedRequest): boolean {
  const inner = request.client === 'karmada' || request.relayed
  if (inner && !fault.client && !fault.server) return false
  const named = (['service', 'operation', 'client', 'server'] as const).every(
    key => fault[key] === undefined || fault[key] === request[key],
  )
  const about = (['key', 'resource'] as const).every(key => fits(fault[key], request[key]))
  return named && about && fault.concerns?.(request) !== false
}

function fits(wanted: string | RegExp | undefined, actual: string | undefined): boolean {
  if (wanted === undefined) return true
  return typeof wanted === 'string' ? wanted === actual : actual !== undefined && wanted.test(actual)
}
