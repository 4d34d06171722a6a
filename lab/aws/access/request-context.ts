import type { AwsRequest, Context } from '@meridian/lab-aws-protocol'

/** The condition keys of a change of records: Route 53 developer guide, "Using IAM policy conditions". */
export function requestContext(operation: string, { body }: AwsRequest): Context | undefined {
  if (operation !== 'ChangeResourceRecordSets') return undefined
  const text = body.toString('utf8')
  const values = (element: string) =>
    [...text.matchAll(new RegExp(`<${element}>([^<]*)<`, 'g'))].map(([, value = '']) => value)
  return {
    'route53:ChangeResourceRecordSetsActions': values('Action'),
    'route53:ChangeResourceRecordSetsRecordTypes': values('Type'),
  }
}
