import { parseXML } from '@aws-sdk/xml-builder'
import { pause, proxyFoundNobody, type Reply, sendRequest } from '@meridian/runner'
import { Sha256 } from '@smithy/core/checksum'
import { SignatureV4 } from '@smithy/signature-v4'
import type { AwsCredentialIdentity } from '@smithy/types'
import type { Aws } from '../credentials/aws.ts'
import { explainAws, isPassing, isThrottling, isUnreachable } from './errors.ts'
import { checkOwnAnswer } from './own-answer.ts'

/**
 * A service that is asked for so little that its SDK client, a megabyte of some and 40 ms to load of any, is not worth it.
 */
export type SignedService = {
  /** As credentials are scoped to it and permissions are written: `ec2`. */
  readonly name: string
  /** As in the variable that sets its endpoint: `AWS_ENDPOINT_URL_<this>`. */
  readonly variable: string
  readonly host: (region: string) => string
}

export type SignedRequest = {
  readonly region: string
  readonly operation: string
  readonly headers?: Readonly<Record<string, string>>
  /** That of a POST; without one it is a GET. */
  readonly body?: string
  /** Below the service's address; `/` unless told. */
  readonly path?: string
}

/** Of an AWS account, what a request needs. It is not signed where there are no credentials to it. */
export type Sender = Pick<Aws, 'userAgent' | 'signal' | 'env' | 'endpoint'> &
  Partial<Pick<Aws, 'credentials'>>

/** AWS's own libraries read theirs from the same variable. */
const attemptsOf = ({ AWS_MAX_ATTEMPTS: most }: Sender['env']) => Number(most) || 6

/** Milliseconds by which AWS's clock is ahead of this machine's, as far as its answers have shown. */
let ahead = 0
/** AWS takes a signature that is up to five minutes old. */
const tolerance = 4 * 60_000
/** Its words for one that is too old or too new, which mean other things where the clock is right. */
const clockCodes =
  /\b(RequestTimeTooSkewed|RequestExpired|RequestInTheFuture|SignatureNotYetCurrent|SignatureDoesNotMatch|InvalidSignatureException|AuthFailure)\b/

class ServiceError extends Error {
  readonly code: string
  readonly $metadata: { httpStatusCode: number }
  constructor(code: string, message: string, status: number) {
    super(message)
    this.name = code
    this.code = code
    this.$metadata = { httpStatusCode: status }
  }
}

/** Sends one signed request and returns the answer's text. Only for reads: they are repeated freely. */
export async function sendSigned(
  aws: Sender,
  service: SignedService,
  request: SignedRequest,
): Promise<string> {
  const { name } = service
  const { operation } = request
  return sendPatiently(aws, service, request).catch(error => {
    throw explainAws(error, `${name} ${operation}`, `${name}:${operation}`) ?? error
  })
}

/** The same for who explains AWS's refusal, a `ServiceError`, in words of its own. */
export async function sendPatiently(
  aws: Sender,
  service: SignedService,
  request: SignedRequest,
): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send(aws, service, request)
    } catch (error) {
      const again =
        isThrottling(error) ||
        isUnreachable(error) ||
        isPassing(error) ||
        (error as { code?: unknown }).code === proxyFoundNobody ||
        (error instanceof ServiceError && error.$metadata.httpStatusCode >= 500)
      if (attempt >= attemptsOf(aws.env) || !again) throw error
      await pause(Math.random() * Math.min(10_000, 200 * 2 ** attempt), aws.signal)
    }
  }
}

async function send(aws: Sender, service: SignedService, request: SignedRequest): Promise<string> {
  const credentials = await aws.credentials?.()
  const assumed = ahead
  let reply = await exchange(aws, service, request, credentials)
  let text = await reply.text()
  const said = `${reply.headers['x-amzn-errortype'] ?? ''} ${text}`
  if (!isOk(reply) && clockCodes.test(said) && learnClock(reply.headers.date ?? '', assumed)) {
    reply = await exchange(aws, service, request, credentials)
    text = await reply.text()
  }
  const { status, headers } = reply
  checkOwnAnswer(status, headers, `${service.name} ${request.operation}`)
  if (!isOk(reply)) throw readError(service.name, text, status, headers['x-amzn-errortype'])
  return text
}

const isOk = ({ status }: Reply) => status >= 200 && status < 300

async function exchange(
  aws: Sender,
  service: SignedService,
  request: SignedRequest,
  credentials: AwsCredentialIdentity | undefined,
): Promise<Reply> {
  const { env, userAgent } = aws
  const { body, path = '/' } = request
  const address = aws.endpoint(service.variable) ?? `https://${service.host(request.region)}`
  const url = new URL(address.replace(/\/$/, '') + path)
  const method = body === undefined ? 'GET' : 'POST'
  const headers = { ...request.headers, host: url.host, 'user-agent': userAgent }
  const signed = await sign(credentials, service, request.region, { url, method, headers, body })
  const signal = AbortSignal.any([aws.signal, AbortSignal.timeout(30_000)])
  return sendRequest(url, { env, signal, method, headers: signed, ...(body !== undefined && { body }) })
}

type Unsigned = { url: URL; method: string; headers: Record<string, string>; body: string | undefined }

/** The headers of a request with its signature. */
async function sign(
  credentials: AwsCredentialIdentity | undefined,
  { name: service }: SignedService,
  region: string,
  { url, method, headers, body }: Unsigned,
): Promise<Record<string, string>> {
  if (credentials === undefined) return headers
  const { protocol, hostname, pathname: path } = url
  const signer = new SignatureV4({ credentials, service, region, sha256: Sha256 })
  const signed = await signer.sign(
    { method, protocol, hostname, path, headers, body },
    { signingDate: now() },
  )
  return signed.headers
}

/** By AWS's clock. */
export const now = () => new Date(Date.now() + ahead)

/**
 * Learns AWS's clock from the date of an answer; true if a request that took it to be `assumed` ahead was too far off. By
 * now the answer to another one may have told how far it is.
 */
function learnClock(date: string, assumed: number): boolean {
  const difference = Date.parse(date) - Date.now()
  if (!(Math.abs(difference - assumed) > tolerance)) return false
  ahead = difference
  return true
}

/** The error in an answer: XML of the query services, or JSON with `__type`; REST services name its type in a header. */
function readError(service: string, text: string, status: number, type = ''): ServiceError {
  const code =
    (type.split(':')[0] || /<Code>([^<]+)<\/Code>/.exec(text)?.[1]) ??
    /"__type":\s*"(?:[^"#]*#)?([^"]+)"/.exec(text)?.[1] ??
    `Http${status}`
  const element = /<Message>[^<]*<\/Message>/.exec(text)?.[0]
  const message =
    element === undefined ? /"[Mm]essage":\s*"([^"]*)"/.exec(text)?.[1] : String(parseXML(element).Message)
  return new ServiceError(code, message ?? `${service} answered ${status}`, status)
}
