import { keepLatest } from './keep-latest.ts'
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
type RequestCounts = { reads: number; writes: number }
export type RequestSummary = Record<string, Record<string, RequestCounts>>

export type RequestLog = {
  record(request: LoggedRequest): void
  /** Counts of all that there ever were. */
  summary(): RequestSummary
  /** The latest, oldest first: more than any test sends. */
  all(): readonly LoggedRequest[]
  /** The last hundred of all but Karmada itself and when each came, in milliseconds since the epoch; oldest first. */
  recent(): readonly { at: number; request: LoggedRequest }[]
}

const mostRecent = 100
/** Karmada's own controllers ask without end. */
const restless = 'karmada'

/** A log that does not grow for ever: a world may stand for days. */
export function createRequestLog(most = 100_000): RequestLog {
  const requests: LoggedRequest[] = []
  const recent: { at: number; request: LoggedRequest }[] = []
  const summary: RequestSummary = {}
  return {
    record(request) {
      const { client, service, write } = request
      keepLatest(requests, request, most)
      if (client !== restless) {
        if (recent.length === mostRecent) recent.shift()
        recent.push({ at: Date.now(), request })
      }
      summary[client] ??= {}
      summary[client][service] ??= { reads: 0, writes: 0 }
      summary[client][service][write ? 'writes' : 'reads'] += 1
    },
    all: () => requests,
    recent: () => recent,
    summary: () => structuredClone(summary),
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
