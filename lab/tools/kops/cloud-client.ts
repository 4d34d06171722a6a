import { child, parseXml, textOf, type XmlNode } from '@meridian/lab-aws-protocol'
import type { CredentialSource } from '../aws-credentials.ts'
import type { Reply } from '../send-request.ts'
import { ToolError } from '../terminal.ts'
import type { Answer, WorldClient } from '../world-client.ts'
import { fetchSigned } from './fetch-signed.ts'

export type Parameters = Record<string, string | number | boolean | undefined>

/** AWS in one region, and the world's own routes about the machines of an account. */
export type CloudClient = Pick<WorldClient, 'ask'> & {
  region: string
  /** Sends a request of the Query protocol (EC2 and its neighbours). Throws `Refusal`. */
  query(service: QueryService, operation: string, parameters?: Parameters): Promise<XmlNode>
  /** Sends a request of the JSON protocol. Throws `Refusal`. */
  json<T>(service: JsonService, operation: string, body: object): Promise<T>
}

/** What AWS refused, in the words of its SDK for Go. */
export class Refusal extends ToolError {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

const queryServices = {
  autoscaling: ['Auto Scaling', '2011-01-01'],
  ec2: ['EC2', '2016-11-15'],
  // Both generations sign alike and differ by the version of their API.
  'classic-load-balancing': ['Elastic Load Balancing', '2012-06-01', 'elasticloadbalancing'],
  elasticloadbalancing: ['Elastic Load Balancing v2', '2015-12-01'],
  iam: ['IAM', '2010-05-08'],
  sts: ['STS', '2011-06-15'],
} as const
const jsonServices = { events: ['EventBridge', 'AWSEvents'], sqs: ['SQS', 'AmazonSQS'] } as const

type QueryService = keyof typeof queryServices
type JsonService = keyof typeof jsonServices

type Options = {
  url: string
  endpoint: string
  userAgent: string
  region: string
  credentials: CredentialSource
}

/**
 * Signed requests to AWS in one region, each sent again at most five times.
 */
export function createCloudClient({ url, endpoint, userAgent, region, credentials }: Options): CloudClient {
  async function send(
    service: string,
    to: string,
    method: string,
    type: string,
    body?: string,
    target?: string,
  ) {
    const headers = {
      'user-agent': userAgent,
      'content-type': type,
      ...(target !== undefined && { 'x-amz-target': target }),
    }
    // IAM and STS are signed for the one region that they are in.
    const signed = { credentials, region: service === 'iam' ? 'us-east-1' : region, service, retries: 5 }
    return fetchSigned(signed, to, { method, headers, ...(body !== undefined && { body }) })
  }
  return {
    region,
    async ask<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
      const text = body === undefined ? undefined : JSON.stringify(body)
      const reply = await send('ec2', new URL(path, url).toString(), method, 'application/json', text)
      const said = await reply.text()
      const parsed = said === '' ? undefined : JSON.parse(said)
      return { status: reply.status, body: parsed, message: reply.ok ? '' : String(parsed?.message ?? said) }
    },
    async query(service, operation, parameters = {}) {
      const [title, version, signed = service] = queryServices[service]
      const given = Object.entries(parameters).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, String(value)] as [string, string]],
      )
      const form = new URLSearchParams([['Action', operation], ['Version', version], ...given])
      const type = 'application/x-www-form-urlencoded; charset=utf-8'
      const text = await accept(`${title}: ${operation}`, () =>
        send(signed, endpoint, 'POST', type, form.toString()),
      )
      const whole = parseXml(text)
      const result = typeof whole === 'string' ? undefined : whole[`${operation}Result`]
      return Array.isArray(result) ? whole : (result ?? whole)
    },
    async json<T>(service: JsonService, operation: string, body: object) {
      const [title, prefix] = jsonServices[service]
      const type = service === 'sqs' ? 'application/x-amz-json-1.0' : 'application/x-amz-json-1.1'
      const target = `${prefix}.${operation}`
      const text = await accept(`${title}: ${operation}`, () =>
        send(service, endpoint, 'POST', type, JSON.stringify(body), target),
      )
      return JSON.parse(text) as T
    },
  }
}

const attempts = 5
const throttles = /^(Throttl|RequestLimitExceeded|TooManyRequests)/

/** The text of an answer that is none of a refusal; what was throttled is sent again, as by AWS's SDK. */
async function accept(call: string, send: () => Promise<Reply>): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const reply = await send()
    const text = await reply.text()
    if (reply.ok) {
      if (/^\s*(<\?xml|<\w+Response|\{)/.test(text)) return text
      throw new Refusal(
        'UnknownError',
        describe(call, reply.status, 'UnknownError', 'deserialization failed'),
      )
    }
    const { code, message } = readRefusal(text)
    if (attempt < attempts && throttles.test(code)) continue
    throw new Refusal(code, describe(call, reply.status, code, message))
  }
}

function describe(call: string, status: number, code: string, message: string): string {
  return `operation error ${call}, https response error StatusCode: ${status}, RequestID: ${crypto.randomUUID()}, api error ${code}: ${message}`
}

function readRefusal(text: string): { code: string; message: string } {
  if (text.startsWith('{')) {
    const { __type = 'UnknownError', message = '' } = JSON.parse(text) as {
      __type?: string
      message?: string
    }
    return { code: __type.split('#').at(-1) ?? __type, message }
  }
  // What is no answer of AWS at all cannot be read as one.
  if (!/<Code>/.test(text)) return { code: 'UnknownError', message: 'deserialization failed' }
  const whole = parseXml(text)
  const error = child(child(whole, 'Errors'), 'Error') ?? child(whole, 'Error')
  return { code: textOf(error, 'Code') ?? '', message: textOf(error, 'Message') ?? '' }
}
