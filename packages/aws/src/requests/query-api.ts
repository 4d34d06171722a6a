import { parseXML } from '@aws-sdk/xml-builder'
import { type Sender, type SignedRequest, type SignedService, sendSigned } from './signed-request.ts'

/** One element of EC2's XML: text, a nested element, or a list of them. */
export type Xml = { readonly [name: string]: Xml | readonly Xml[] | string | undefined }

const ec2: QueryService = {
  name: 'ec2',
  variable: 'EC2',
  host: region => `ec2.${region}.amazonaws.com`,
  version: '2016-11-15',
}
const pages = 500

/** A service that takes an `Action` with flat parameters, and answers XML. */
export type QueryService = SignedService & { readonly version: string }

/** Calls EC2's query API and follows `nextToken`; returns the root element of each page. */
export async function queryEc2(
  aws: Sender,
  region: string,
  action: string,
  parameters: Record<string, string>,
): Promise<Xml[]> {
  return queryPages(parameters, 'NextToken', async form => {
    const page = await query(aws, ec2, region, action, form)
    return { page, next: textOf(page, 'nextToken') }
  })
}

/** Follows a listing by the token that each page names for the next one. */
export async function queryPages(
  parameters: Record<string, string>,
  tokenName: string,
  ask: (form: Record<string, string>) => Promise<{ page: Xml; next: string }>,
): Promise<Xml[]> {
  const answers: Xml[] = []
  let form = parameters
  do {
    const { page, next } = await ask(form)
    answers.push(page)
    if (next === '') return answers
    form = { ...parameters, [tokenName]: next }
  } while (answers.length < pages)
  return answers
}

/** One call; returns the root element of the answer. */
export async function query(
  aws: Sender,
  service: QueryService,
  region: string,
  action: string,
  form: Record<string, string>,
): Promise<Xml> {
  const text = await sendSigned(aws, service, queryRequest(service, region, action, form))
  return readAnswer(service, action, text)
}

/** The request of one call. */
export function queryRequest(
  { version }: QueryService,
  region: string,
  action: string,
  form: Record<string, string>,
): SignedRequest {
  return {
    region,
    operation: action,
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: new URLSearchParams({ Action: action, Version: version, ...form }).toString(),
  }
}

/** The root element of an answer. */
export function readAnswer({ name }: QueryService, action: string, text: string): Xml {
  const root = (parseXML(text) as Record<string, Xml>)[`${action}Response`]
  if (root === undefined || typeof root !== 'object')
    throw new Error(`${name} answered ${action} with something else than its ${action}Response`)
  return root
}

/** The part of an answer that holds its results, in all services but EC2. */
export function resultOf(answer: Xml, action: string): Xml {
  return childOf(answer, `${action}Result`) ?? {}
}

/** The elements of a set; EC2 sends an empty text for an empty set and no list for a single item. */
export function itemsOf(set: Xml | readonly Xml[] | string | undefined, element = 'item'): Xml[] {
  const items = isElement(set) ? set[element] : undefined
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
