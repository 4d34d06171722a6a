import { messageOf, UserError } from '@meridian/runner'
import { ForeignAnswerError } from './own-answer.ts'

const accessDenied = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'UnauthorizedOperation',
  'Forbidden',
  'AuthorizationError',
])
const throttled = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'SlowDown',
  'PriorRequestNotComplete',
])
const conflict = new Set(['OperationAborted', 'ConditionalRequestConflict', 'PreconditionFailed'])
const expired = new Set(['ExpiredToken', 'ExpiredTokenException', 'RequestExpired'])
const wrongCredentials = new Set([
  'InvalidClientTokenId',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'InvalidSignatureException',
  'UnrecognizedClientException',
  'AuthFailure',
])
const skewed = new Set(['RequestTimeTooSkewed', 'RequestInTheFuture', 'SignatureNotYetCurrent'])
const noCredentials = new Set(['CredentialsProviderError', 'ProviderError', 'TokenProviderError'])
const unreachable = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'TimeoutError',
])
/** AWS has not had the whole request in time, or not had the word of who has made a token: it says so by 400. */
const passing = new Set(['RequestTimeout', 'RequestTimeoutException', 'IDPCommunicationError'])

/** The codes that `explainAws` explains, by what they come to. */
export const explainedCodes = {
  noCredentials,
  expired,
  wrongCredentials,
  skewed,
  accessDenied,
  unreachable,
} as const

type Answer = {
  name?: unknown
  Code?: unknown
  code?: unknown
  /** What the SDK leaves of the documented body of a refused batch, `<InvalidChangeBatch><Messages>…`, which has no code. */
  Messages?: unknown
  $metadata?: { httpStatusCode?: number }
}

/** AWS's own code of an error (`NoSuchBucket`), also of one that an explanation wraps; '' if it has none. */
export function errorCode(error: unknown): string {
  if (error instanceof UserError) return errorCode(error.cause)
  const { name, Code, code, Messages } = (error ?? {}) as Answer
  if (Messages !== undefined) return 'InvalidChangeBatch'
  if (typeof Code === 'string') return Code
  if (typeof code === 'string') return code
  return typeof name === 'string' && name !== 'Error' ? name : ''
}

/** HTTP status of the answer, 0 if there was none. */
function statusOf(error: unknown): number {
  if (error instanceof UserError) return statusOf(error.cause)
  return ((error ?? {}) as Answer).$metadata?.httpStatusCode ?? 0
}

/** AWS's own word that a thing is not there. A bare 404 is anybody's, and a key that is not there says nothing of the rest. */
export function isNotFound(error: unknown): boolean {
  return /^NoSuch|^(?!KMS\.).*NotFound(Error|Exception)?$/.test(errorCode(error))
}

/** Whether AWS refuses what these credentials ask for, though it knows them. */
export function isAccessDenied(error: unknown): boolean {
  const code = errorCode(error)
  if (accessDenied.has(code)) return true
  // 403 is also the answer to credentials that are no good at all.
  return statusOf(error) === 403 && ![expired, wrongCredentials, skewed].some(codes => codes.has(code))
}

/** Whether AWS has been asked too often: worth another try later. */
export function isThrottling(error: unknown): boolean {
  return throttled.has(errorCode(error)) || statusOf(error) === 429
}

/** Another change of the same thing is under way: worth another try in a moment. */
export function isConflict(error: unknown): boolean {
  return conflict.has(errorCode(error))
}

/** Whether AWS refuses what it may well take in a moment. */
export function isPassing(error: unknown): boolean {
  const code = errorCode(error)
  // STS tells of an issuer whose keys it could not get by the code for a token that is no good.
  const keyless = code === 'InvalidIdentityToken' && /retrieve verification key/.test(messageOf(error))
  return keyless || passing.has(code)
}

/** The request may or may not have arrived. */
export function isUnreachable(error: unknown): boolean {
  return unreachable.has(errorCode(error))
}

/**
 * The explanation of an AWS failure that its reader can mend (a missing permission, no or expired credentials,
 * no way to the server); undefined for every other error. `permission` names the IAM action where AWS does not.
 */
export function explainAws(error: unknown, doing: string, permission?: string): UserError | undefined {
  if (error instanceof UserError) return error
  const code = errorCode(error)
  const text = error instanceof Error ? error.message : String(error)
  if (noCredentials.has(code)) {
    return new UserError(`no AWS credentials were found for ${doing}`, {
      fix: 'Give role-to-assume, or set the variable MERIDIAN_ROLE where a workflow of Meridian runs this (the job then needs `permissions: id-token: write`), or run aws-actions/configure-aws-credentials before this step.',
      cause: error,
    })
  }
  if (expired.has(code)) {
    return new UserError(`the AWS credentials expired during ${doing}`, {
      fix: 'Give role-to-assume: the action then renews its session by itself. Or raise the session duration of the step that made the credentials. Running again goes on where this stopped.',
      cause: error,
    })
  }
  // The refusal of a HEAD request has no body that could say more.
  if (code === 'Unknown' && statusOf(error) === 400) {
    return new UserError(
      `AWS refused ${doing} without a reason; most often the credentials expired during it`,
      {
        fix: 'Give role-to-assume, so that the session is renewed, or make new credentials. Running again goes on where this stopped.',
        cause: error,
      },
    )
  }
  // Some services tell a wrong clock by the code for a wrong signature.
  const late = skewed.has(code) || /Signature (expired|not yet current)/.test(text)
  if (wrongCredentials.has(code) && !late) {
    return new UserError(`AWS does not accept the credentials, seen on ${doing}: ${text}`, {
      fix: 'Compare the key id and the secret key with what IAM shows (a blank that was pasted along is enough), make new credentials in a step before, or give role-to-assume.',
      cause: error,
    })
  }
  if (late) {
    return new UserError(`AWS refused ${doing}, since the clock of this machine is wrong: ${text}`, {
      fix: "Set the runner's clock (compare `date -u` with the right time): it may be off by a few minutes at most.",
      cause: error,
    })
  }
  if (isAccessDenied(error)) {
    const action = /not authorized to perform: ([\w-]+:\w+)/.exec(text)?.[1] ?? permission
    const key = action?.startsWith('kms:') ? ', for the key that docs/iam calls StateKey' : ''
    return new UserError(`AWS refused ${doing}: ${action ? `the permission ${action} is missing` : text}`, {
      fix: `Allow ${action ?? 'it'} in the policy of the role or user that runs this action${key}.`,
      cause: error,
    })
  }
  if (code.startsWith('KMS.')) {
    return new UserError(`S3 cannot use the key of the bucket for ${doing}: ${text}`, {
      fix: 'Look at the key with `aws kms describe-key`: enable it, or cancel its deletion. For a bucket that is made, correct state-kms-key. Nothing is taken for gone on its word.',
      cause: error,
    })
  }
  if (error instanceof ForeignAnswerError) {
    return new UserError(text, {
      fix: 'A proxy or a portal stands between the runner and AWS: let it pass requests to amazonaws.com unchanged. Nothing is taken for gone or changed on its word. Then run again.',
      cause: error,
    })
  }
  if (isUnreachable(error)) {
    return new UserError(`AWS could not be reached for ${doing}: ${text}`, {
      fix: 'Check the network of the runner and its proxy (HTTPS_PROXY, HTTP_PROXY, NO_PROXY), then run again: it goes on where it stopped.',
      cause: error,
    })
  }
  return undefined
}
