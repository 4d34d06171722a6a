import { pause, proxyFoundNobody, sendRequest } from '@meridian/runner'
import { AwsClient } from 'aws4fetch'
import type { Aws } from '../credentials/connect.ts'
import { explainAws, isThrottling, isUnreachable } from './errors.ts'
import { checkOwnAnswer } from './own-answer.ts'

/** A service whose SDK client would add a megabyte to every bundle for the few reads that are needed. */
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

const attempts = 6

/** Milliseconds by which AWS's clock is ahead of this machine's, as far as its answers have shown. */
let ahead = 0
/** AWS takes a signature that is up to five minutes old. */
const tolerance = 4 * 60_000
/** Its words for one that is too old or too new, which mean other things where the clock is right. */
const clockCodes =
  /\b(RequestTimeTooSkewed|RequestExpired|SignatureDoesNotMatch|InvalidSignatureException|AuthFailure)\b/

/** Keys to sign with, which hold for a day: four of the seven hashes that a signature takes. */
const keys = new Map<string, ArrayBuffer>()

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
export async function sendSigned(aws: Aws, service: SignedService, request: SignedRequest): Promise<string> {
  const { name } = service
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send(aws, service, request)
    } catch (error) {
      const again =
        isThrottling(error) ||
        isUnreachable(error) ||
        (error as { code?: unknown }).code === proxyFoundNobody ||
        (error instanceof ServiceError && error.$metadata.httpStatusCode >= 500)
      const { operation } = request
      if (attempt >= attempts || !again) {
        throw explainAws(error, `${name} ${operation}`, `${name}:${operation}`) ?? error
      }
      await pause(Math.random() * Math.min(10_000, 200 * 2 ** attempt), aws.signal)
    }
  }
}

async function send(aws: Aws, service: SignedService, request: SignedRequest): Promise<string> {
  const { accessKeyId, secretAccessKey, sessionToken } = await aws.credentials()
  const signer = new AwsClient({
    accessKeyId,
    secretAccessKey,
    ...(sessionToken && { sessionToken }),
    service: service.name,
    region: request.region,
    cache: keys,
    retries: 0,
  })
  const address = aws.endpoint(service.variable) ?? `https://${service.host(request.region)}`
  const { body, path = '/' } = request
  const ask = () =>
    exchange(aws, signer, address.replace(/\/$/, '') + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...request.headers, 'user-agent': aws.userAgent },
      body,
      signal: AbortSignal.any([aws.signal, AbortSignal.timeout(30_000)]),
      aws: { datetime: stamp() },
    })
  let { text, status, ok, headers } = await ask()
  const said = `${headers['x-amzn-errortype'] ?? ''} ${text}`
  if (!ok && clockCodes.test(said) && learnClock(headers.date ?? ''))
    ({ text, status, ok, headers } = await ask())
  checkOwnAnswer(status, headers, `${service.name} ${request.operation}`)
  if (!ok) throw readError(service.name, text, status, headers['x-amzn-errortype'])
  return text
}

/** `20261126T022233Z`, by AWS's clock. */
export function stamp(): string {
  return new Date(Date.now() + ahead).toISOString().replace(/[-:]|\.\d+/g, '')
}

/** Learns AWS's clock from the date of an answer; true if this machine's was too far off. */
function learnClock(date: string): boolean {
  const difference = Date.parse(date) - Date.now()
  if (!(Math.abs(difference - ahead) > tolerance)) return false
  ahead = difference
  return true
}

async function exchange(
  { env }: Aws,
  signer: AwsClient,
  url: string,
  init: {
    method: string
    headers: Record<string, string>
    body: string | undefined
    signal: AbortSignal
    aws: { datetime: string }
  },
): Promise<{ text: string; status: number; ok: boolean; headers: Readonly<Record<string, string>> }> {
  const { method, body, signal } = init
  const signed = await signer.sign(url, init)
  const sent = Object.fromEntries(signed.headers)
  const answer = await sendRequest(signed.url, { env, signal, method, headers: sent, body })
  const { status, headers } = answer
  return { text: await answer.text(), status, ok: status >= 200 && status < 300, headers }
}

/** The error in an answer: XML of the query services, or JSON with `__type`; REST services name its type in a header. */
function readError(service: string, text: string, status: number, type = ''): ServiceError {
  const code =
    (type.split(':')[0] || /<Code>([^<]+)<\/Code>/.exec(text)?.[1]) ??
    /"__type":\s*"(?:[^"#]*#)?([^"]+)"/.exec(text)?.[1] ??
    `Http${status}`
  const message = /<Message>([^<]*)<\/Message>/.exec(text)?.[1] ?? /"[Mm]essage":\s*"([^"]*)"/.exec(text)?.[1]
  return new ServiceError(code, message ?? `${service} answered ${status}`, status)
}
