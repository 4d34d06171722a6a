import type { AwsRequest, Context, Need } from '@meridian/lab-aws-protocol'
import type { Resource, World } from '@meridian/lab-world'

export type NeedsOf = (world: World, operation: string, request: AwsRequest) => Need[] | undefined

/** A resource that exists, as a policy sees it. */
export function seen({ arn, tags }: Resource): Pick<Need, 'resource' | 'tags'> {
  return { resource: arn, tags }
}

/** The tags of a request as condition keys. */
export function requestTags(tags: Readonly<Record<string, string>>): Context {
  const keys = Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, [value]])
  return { ...Object.fromEntries(keys), 'aws:TagKeys': Object.keys(tags) }
}
