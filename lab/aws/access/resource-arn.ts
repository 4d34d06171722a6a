import type { AwsRequest } from '@meridian/lab-aws-protocol'
import { readAddress } from '../s3/address.ts'

// A deletion of many objects names them in its body only, and a policy judges each: what they have in common stands for all.
function doomedKeys({ body }: AwsRequest): string {
  const keys = [...body.toString('utf8').matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => key)
  const [first = '', ...others] = keys
  if (keys.length === 1) return first
  const differs = [...first].findIndex((letter, index) => others.some(key => key[index] !== letter))
  return `${differs < 0 ? first : first.slice(0, differs)}*`
}

/** The object key that a request of S3 names, or the prefix that it lists; '' for a listing of the whole bucket. */
export function keyOf(service: string, request: AwsRequest): string | undefined {
  if (service !== 's3') return undefined
  const { key } = readAddress(request)
  if (key !== '') return key
  const lists = ['list-type', 'versions', 'uploads', 'prefix'].some(name => request.query.has(name))
  return lists ? (request.query.get('prefix') ?? '') : undefined
}

/** The resource of a request as a policy names it; `*` for operations that have none. */
export function resourceArn(service: string, request: AwsRequest): string {
  if (service === 's3') {
    const { bucket, key } = readAddress(request)
    if (bucket === '') return '*'
    const object = request.query.has('delete') ? doomedKeys(request) : key
    return `arn:aws:s3:::${bucket}${object === '' ? '' : `/${object}`}`
  }
  if (service === 'route53') {
    const [, kind, id] = /\/(hostedzone|change)\/([A-Z0-9]+)/.exec(request.path) ?? []
    return kind === undefined ? '*' : `arn:aws:route53:::${kind}/${id}`
  }
  return '*'
}
