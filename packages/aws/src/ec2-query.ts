import { parseXML } from '@aws-sdk/xml-builder'
import { pause } from '@meridian/runner'
import { AwsClient } from 'aws4fetch'
import type { Aws } from './connect.ts'
import { explainAws, isThrottling, isUnreachable } from './errors.ts'

/** One element of EC2's XML: text, a nested element, or a list of them. */
export type Xml = { readonly [name: string]: Xml | readonly Xml[] | string | undefined }

const version = '2016-11-15'
const attempts = 6
const pages = 500

class Ec2Error extends Error {
  readonly code: string
  readonly $metadata: { httpStatusCode: number }
  constructor(code: string, message: string, status: number) {
    super(message)
    this.name = code
    this.code = code
    this.$metadata = { httpStatusCode: status }
  }
}

/**
 * Calls EC2's query API and follows `nextToken`; returns the root element of each page. The SDK's EC2 client
 * would add 1.1 MB to every bundle for the few reads that are needed. Only for reads: they are repeated freely.
 */
export async function queryEc2(
  aws: Aws,
  region: string,
  action: string,
  parameters: Record<string, string>,
): Promise<Xml[]> {
  const answers: Xml[] = []
  let token: string | undefined
  do {
    const form = { ...parameters, ...(token === undefined ? {} : { NextToken: token }) }
    const answer = await queryPage(aws, region, action, form)
    answers.push(answer)
    token = typeof answer.nextToken === 'string' && answer.nextToken !== '' ? answer.nextToken : undefined
  } while (token !== undefined && answers.length < pages)
  return answers
}

async function queryPage(
  aws: Aws,
  region: string,
  action: string,
  form: Record<string, string>,
): Promise<Xml> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send(aws, region, action, form)
    } catch (error) {
      const again =
        isThrottling(error) ||
        isUnreachable(error) ||
        (error instanceof Ec2Error && error.$metadata.httpStatusCode >= 500)
      if (attempt >= attempts || !again) throw explainAws(error, `ec2 ${action}`, `ec2:${action}`) ?? error
      await pause(Math.random() * Math.min(10_000, 200 * 2 ** attempt), aws.signal)
    }
  }
}

async function send(aws: Aws, region: string, action: string, form: Record<string, string>): Promise<Xml> {
  const { accessKeyId, secretAccessKey, sessionToken } = await aws.credentials()
  const signer = new AwsClient({
    accessKeyId,
    secretAccessKey,
    ...(sessionToken && { sessionToken }),
    service: 'ec2',
    region,
    retries: 0,
  })
  const { text, status, ok } = await exchange(
    signer,
    aws.endpoint('EC2') ?? `https://ec2.${region}.amazonaws.com/`,
    {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        'user-agent': aws.userAgent,
      },
      body: new URLSearchParams({ Action: action, Version: version, ...form }).toString(),
      signal: AbortSignal.any([aws.signal, AbortSignal.timeout(30_000)]),
    },
  )
  if (!ok) throw readError(text, status)
  const [root] = Object.values(parseXML(text) as Record<string, Xml>)
  if (root === undefined || typeof root !== 'object')
    throw new Ec2Error('MalformedAnswer', `EC2 answered ${action} with something that is not XML`, 502)
  return root
}

async function exchange(
  signer: AwsClient,
  url: string,
  init: RequestInit,
): Promise<{ text: string; status: number; ok: boolean }> {
  try {
    const answer = await signer.fetch(url, init)
    return { text: await answer.text(), status: answer.status, ok: answer.ok }
  } catch (error) {
    // `fetch` hides the socket's own error below a text that says nothing.
    throw error instanceof TypeError && error.cause instanceof Error ? error.cause : error
  }
}

function readError(text: string, status: number): Ec2Error {
  const code = /<Code>([^<]+)<\/Code>/.exec(text)?.[1] ?? `Http${status}`
  return new Ec2Error(code, /<Message>([^<]*)<\/Message>/.exec(text)?.[1] ?? `EC2 answered ${status}`, status)
}

/** The `item` elements of a set; EC2 sends an empty text for an empty set and no list for a single item. */
export function itemsOf(set: Xml | readonly Xml[] | string | undefined): Xml[] {
  const items = isElement(set) ? set.item : undefined
  if (items === undefined || typeof items === 'string') return []
  return Array.isArray(items) ? [...items] : [items as Xml]
}

/** The text of a child element, '' if there is none. */
export function textOf(element: Xml | undefined, name: string): string {
  const value = element?.[name]
  return typeof value === 'string' ? value : ''
}

/** A nested element, if it is one. */
export function childOf(element: Xml, name: string): Xml | undefined {
  const value = element[name]
  return isElement(value) ? value : undefined
}

/** The tags of an EC2 object. */
export function tagsOf(element: Xml): Record<string, string> {
  return Object.fromEntries(itemsOf(element.tagSet).map(tag => [textOf(tag, 'key'), textOf(tag, 'value')]))
}

function isElement(value: Xml | readonly Xml[] | string | undefined): value is Xml {
  return typeof value === 'object' && !Array.isArray(value)
}

/** EC2's numbered filters: `{ 'vpc-id': ['vpc-1'] }` becomes `Filter.1.Name`, `Filter.1.Value.1`. */
export function filterParameters(filters: Record<string, readonly string[]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(filters).flatMap(([name, values], at) => [
      [`Filter.${at + 1}.Name`, name],
      ...values.map((value, index) => [`Filter.${at + 1}.Value.${index + 1}`, value]),
    ]),
  )
}
