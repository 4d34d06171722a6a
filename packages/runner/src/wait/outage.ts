import { causesOf, UserError } from '../errors.ts'

const lostCodes =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|TimeoutError)$/
const lostReasons = /^(Unreachable|Timeout)$/
/** Of servers that are starting, overloaded or behind a balancer that finds none. */
const busyStatus = [429, 502, 503, 504]

type Failure = {
  code?: unknown
  name?: unknown
  reason?: unknown
  status?: unknown
  $metadata?: { httpStatusCode?: number }
}

/** Whether a server could not be asked at this moment, and may well be asked later: by the error or what caused it. */
export function isOutage(error: unknown): boolean {
  for (const at of causesOf(error)) {
    // What is told to a reader is judged by what caused it: a wait of ours that has ended is a TimeoutError too.
    if (at instanceof UserError) continue
    const { code, name, reason, status, $metadata } = at as Failure
    if (lostCodes.test(String(code ?? name)) || lostReasons.test(String(reason))) return true
    if (busyStatus.includes(Number(status ?? $metadata?.httpStatusCode))) return true
  }
  return false
}
