import { AwsError, children, textOf, type XmlInput, type XmlNode } from '@meridian/lab-aws-protocol'

/** Reads a `TagSet` or `Tags` element; throws InvalidTag where S3 does. */
export function readTags(set: XmlNode | undefined): Record<string, string> {
  const tags: Record<string, string> = {}
  for (const node of children(set, 'Tag')) {
    const key = textOf(node, 'Key') ?? ''
    const value = textOf(node, 'Value') ?? ''
    if (Object.hasOwn(tags, key)) throw invalid('Cannot provide multiple Tags with the same key')
    if (key.startsWith('aws:')) throw invalid('System tags cannot be added/updated by requester')
    if (!isLegal(key, 1, 128)) throw invalid('The TagKey you have provided is invalid')
    if (!isLegal(value, 0, 256)) throw invalid('The TagValue you have provided is invalid')
    tags[key] = value
  }
  if (Object.keys(tags).length > 50) throw invalid('Bucket tag count cannot be greater than 50')
  return tags
}

function isLegal(text: string, least: number, most: number): boolean {
  return text.length >= least && text.length <= most && /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(text)
}

function invalid(message: string): AwsError {
  return new AwsError(400, 'InvalidTag', message)
}

/** Tags as `TagSet` holds them. */
export function writeTags(tags: Record<string, string>): XmlInput {
  return { Tag: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }
}
