import { type AwsAnswer, buildXml, type XmlInput } from '@meridian/lab-aws-protocol'

/** A 200 with one XML document in S3's namespace. */
export function s3Answer(root: string, content: XmlInput): AwsAnswer {
  const attributes = { '@xmlns': 'http://s3.amazonaws.com/doc/2006-03-01/' }
  const element = typeof content === 'object' ? { ...attributes, ...content } : attributes
  return { headers: { 'content-type': 'application/xml' }, body: buildXml({ [root]: element as XmlInput }) }
}

/** Milliseconds since the epoch as S3 writes dates. */
export function iso(at: number): string {
  return new Date(at).toISOString()
}
