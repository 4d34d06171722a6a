import { AwsError } from './aws-error.ts'
import type { AwsAnswer, AwsRequest } from './aws-request.ts'
import { buildXml, type XmlInput } from './xml.ts'

/** Services of the Query protocol (EC2, ELB, STS): one `Action` and flat parameters in a form body. */
export type QueryParameters = URLSearchParams
export type QueryOperation = (parameters: QueryParameters, request: AwsRequest) => XmlInput

/** Parameters of the query protocol: in the address of a GET, in the form of a POST. */
export function readParameters(request: AwsRequest): QueryParameters {
  return request.method === 'GET' ? request.query : new URLSearchParams(request.body.toString('utf8'))
}

/** The values of `Prefix.1`, `Prefix.2`, …, in order. */
export function listParameter(parameters: QueryParameters, prefix: string): string[] {
  const values: string[] = []
  for (let index = 1; ; index += 1) {
    const value = parameters.get(`${prefix}.${index}`)
    if (value === null) return values
    values.push(value)
  }
}

/** ELB and STS answers: `<XResponse><XResult>…</XResult><ResponseMetadata/></XResponse>`. */
export function queryAnswer(action: string, namespace: string, result: XmlInput): AwsAnswer {
  return xmlAnswer({
    [`${action}Response`]: {
      '@xmlns': namespace,
      [`${action}Result`]: result ?? '',
      ResponseMetadata: { RequestId: crypto.randomUUID() },
    },
  })
}

/** An answer whose document has no envelope, as EC2's and Route 53's. */
export function xmlAnswer(document: Record<string, XmlInput>, status = 200): AwsAnswer {
  return { status, headers: { 'content-type': 'text/xml' }, body: buildXml(document) }
}

/** The error form that ELB, STS and Route 53 share. */
export function queryError(error: AwsError, namespace: string): AwsAnswer {
  const answer = xmlAnswer(
    {
      ErrorResponse: {
        '@xmlns': namespace,
        Error: {
          Type: error.status < 500 ? 'Sender' : 'Receiver',
          Code: error.code,
          Message: error.message,
          ...error.details,
        },
        RequestId: crypto.randomUUID(),
      },
    },
    error.status,
  )
  return { ...answer, headers: { ...answer.headers, ...error.headers } }
}

/** What is answered to an action that the service does not have, or the lab does not. */
export function unknownAction(action: string): AwsError {
  return new AwsError(400, 'InvalidAction', `Could not find operation ${action}`)
}
