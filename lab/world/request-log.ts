import type { Failure } from './request-faults.ts'

/** One request that reached a service of the world. */
export type LoggedRequest = {
  /**
   * The action's name without `meridian-`, or the tool: `kops`, `karmadactl`, `kubectl`, `aws-cli`,
   * `other`; `by-hand` is whoever uses kops without Meridian.
   */
  client: string
  service: string
  operation: string
  write: boolean
  /** ARN of what it is about, or `*`; only AWS's services report it. */
  resource?: string
  /** The IAM actions that it needs. */
  permissions?: readonly string[]
  /** HTTP status and AWS error code of the answer, where the service reports them. */
  status?: number
  error?: string
  /** How a fault of the world made it fail. */
  failure?: Failure
}
export type RequestCounts = { reads: number; writes: number }
export type RequestSummary = Record<string, Record<string, RequestCounts>>

export type RequestLog = {
  record(request: LoggedRequest): void
  summary(): RequestSummary
  all(): readonly LoggedRequest[]
}

export function createRequestLog(): RequestLog {
  const requests: LoggedRequest[] = []
  return {
    record: request => void requests.push(request),
    all: () => requests,
    summary() {
      const summary: RequestSummary = {}
      for (const { client, service, write } of requests) {
        summary[client] ??= {}
        summary[client][service] ??= { reads: 0, writes: 0 }
        summary[client][service][write ? 'writes' : 'reads'] += 1
      }
      return summary
    },
  }
}

const tools: [pattern: RegExp, client: string][] = [
  [/\bapp\/by-hand\b/, 'by-hand'],
  [/\bkops\//, 'kops'],
  [/\bkarmadactl\b/, 'karmadactl'],
  [/\bkarmada-/, 'karmada'],
  [/\bkubectl\b/, 'kubectl'],
  [/\baws-cli\//, 'aws-cli'],
]

/** Who sent a request: an action of ours (`meridian-<action>/<version>` anywhere in it) or a known tool. */
export function clientOf(userAgent: string | undefined): string {
  const ours = /\bmeridian-([a-z0-9-]+)\//.exec(userAgent ?? '')?.[1]
  return ours ?? tools.find(([pattern]) => pattern.test(userAgent ?? ''))?.[1] ?? 'other'
}
