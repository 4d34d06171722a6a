import { explainProxy, type ProxyServer } from '@meridian/runner'

/** A call to a Kubernetes API server that did not succeed. `status` is 0 when no answer came. */
export class KubeError extends Error {
  override readonly name = 'KubeError'
  readonly status: number
  /**
   * Kubernetes' own reason (`NotFound`, `AlreadyExists`, `Conflict`, `Forbidden`, …), or, without an answer,
   * `Unreachable`, `Untrusted` (the certificate does not verify), `Timeout`; `UnknownKind` where the server
   * does not serve a kind; `ForeignAnswer` (status 0) where something else has answered in the server's place.
   */
  readonly reason: string
  readonly server: string
  /** The `details.causes` of Kubernetes' answer: for a conflict one per field that another manager owns. */
  readonly causes: readonly { reason?: string; message?: string; field?: string }[]

  constructor(
    message: string,
    fields: {
      status: number
      reason: string
      server: string
      causes?: KubeError['causes']
      cause?: unknown
    },
  ) {
    super(message, fields.cause === undefined ? undefined : { cause: fields.cause })
    this.status = fields.status
    this.reason = fields.reason
    this.server = fields.server
    this.causes = fields.causes ?? []
  }
}

/** Whether a server says that something is not there. */
export function isNotFound(error: unknown): error is KubeError {
  return error instanceof KubeError && error.status === 404
}

/** Whether a server says that something is another by now, or is there already. */
export function isConflict(error: unknown): error is KubeError {
  return error instanceof KubeError && error.status === 409
}

/** The server refuses what an object says, and always will. */
export function isRefusal(error: unknown): error is KubeError {
  return error instanceof KubeError && (error.reason === 'Invalid' || [400, 403, 422].includes(error.status))
}

/** What was to be written over is not there any more as it was read, which is no conflict over single fields. */
export function isOvertaken(error: unknown): error is KubeError {
  return isConflict(error) && !error.causes.some(({ reason }) => reason === 'FieldManagerConflict')
}

/** The server does not serve a kind at all: not the same as that there is no object of it. */
export function isUnknownKind(error: unknown): error is KubeError {
  return error instanceof KubeError && error.reason === 'UnknownKind'
}

/** No answer came: the server is gone, unknown by name, or too slow. */
export function isUnreachable(error: unknown): error is KubeError {
  return error instanceof KubeError && (error.reason === 'Unreachable' || error.reason === 'Timeout')
}

/** The server's certificate does not verify. */
export function isUntrusted(error: unknown): error is KubeError {
  return error instanceof KubeError && error.reason === 'Untrusted'
}

/** Something between this machine and the server has answered: a proxy's page, a portal, an empty body. */
export function isForeignAnswer(error: unknown): error is KubeError {
  return error instanceof KubeError && error.reason === 'ForeignAnswer'
}

type StatusBody = {
  kind?: string
  message?: string
  reason?: string
  details?: { causes?: KubeError['causes'] }
}

/**
 * The error of an answer with status ≥ 400, from the `metav1.Status` in its body. Without one it is not the server's
 * own, and proves nothing: neither that a thing is not there nor that it may not be seen. That it is overloaded or out
 * of order may be anybody's word, and is taken as it is.
 */
export function errorOfAnswer(server: string, what: string, status: number, body: unknown): KubeError {
  const given: StatusBody = typeof body === 'object' && body !== null ? body : {}
  if (given.kind !== 'Status' && status < 500 && status !== 429)
    return foreignAnswer(server, what, `${status}`)
  const words = given.message ?? (typeof body === 'string' ? body.trim().slice(0, 300) : '')
  return new KubeError(`${what}: ${words || `the server answered ${status}`}`, {
    status,
    reason: given.reason || reasonOf(status, words),
    server,
    causes: given.details?.causes ?? [],
  })
}

/** The error of an answer that is not the server's own; `how` says which it was. */
export function foreignAnswer(server: string, what: string, how: string): KubeError {
  const words = `was answered ${how} by something that is not Kubernetes`
  return new KubeError(`${what} ${words}`, { status: 0, reason: 'ForeignAnswer', server })
}

/** What does not fit the schema is refused, by an apply, with a 500 and no reason. */
const mistyped = /^failed to create typed patch object/

function reasonOf(status: number, words: string): string {
  if (status === 500 && mistyped.test(words)) return 'Invalid'

  if (status === 404) return 'NotFound'
  if (status === 401) return 'Unauthorized'
  if (status === 403) return 'Forbidden'
  if (status === 409) return 'Conflict'
  if (status === 429) return 'TooManyRequests'
  return status >= 500 ? 'ServiceUnavailable' : 'Unknown'
}

const untrustedCodes =
  /^(CERT_|ERR_TLS_CERT_ALTNAME_INVALID|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|ERR_SSL_|HOSTNAME_MISMATCH)/

/** The error of an exchange that brought no answer. */
export function errorOfFailure(
  { server, proxy }: { server: string; proxy: ProxyServer | undefined },
  what: string,
  failure: unknown,
): KubeError {
  const cause = proxy ? explainProxy(failure, proxy, new URL(server).host) : failure
  const error = cause as NodeJS.ErrnoException
  const reason = untrustedCodes.test(error.code ?? '') ? 'Untrusted' : 'Unreachable'
  return new KubeError(`${what}: ${error.message}`, { status: 0, reason, server, cause })
}
