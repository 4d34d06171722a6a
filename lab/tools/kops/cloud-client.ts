import type { CredentialSource } from '../aws-credentials.ts'
import { ToolError } from '../terminal.ts'
import type { Answer, WorldClient } from '../world-client.ts'
import { fetchSigned } from './fetch-signed.ts'

/**
 * The cloud behind the world's control routes: each request stands for several of EC2 and its neighbours, and is
 * signed like them. Refusals come back as answers; what AWS's SDK would try again is tried again.
 */
export type CloudClient = Pick<WorldClient, 'ask'>

type Options = { url: string; userAgent: string; region: string; credentials: CredentialSource }
export type Refusal = { code?: string; call?: string; message?: string }

export function createCloudClient({ url, userAgent, region, credentials }: Options): CloudClient {
  const signer = { credentials, region, service: 'ec2', retries: 5 }
  return {
    async ask<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
      const response = await fetchSigned(signer, new URL(path, url).toString(), {
        method,
        headers: { 'user-agent': userAgent, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      const parsed = text === '' ? undefined : JSON.parse(text)
      const message = response.ok ? '' : describeRefusal(response.status, parsed ?? {})
      return { status: response.status, body: parsed, message }
    },
  }
}

const services: Record<string, string> = {
  ec2: 'EC2',
  elasticloadbalancing: 'Elastic Load Balancing v2',
  iam: 'IAM',
  autoscaling: 'Auto Scaling',
  sqs: 'SQS',
  events: 'EventBridge',
  sts: 'STS',
}

// As the SDK for Go writes an error of an API.
function describeRefusal(status: number, { call = '', code = '', message = '' }: Refusal): string {
  const [service = '', operation] = call.split(':')
  if (operation === undefined) return message
  return `operation error ${services[service] ?? service}: ${operation}, https response error StatusCode: ${status}, RequestID: ${crypto.randomUUID()}, api error ${code}: ${message}`
}

/** Throws what a refused answer says, after what kops was doing. */
export function checkAnswer<T>(answer: Answer<T>, doing: string): T {
  if (answer.status < 300) return answer.body
  throw new ToolError(`${doing}: ${answer.message}`)
}
