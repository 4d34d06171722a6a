import {
  AwsError,
  type AwsRequest,
  child,
  children,
  parseXml,
  textOf,
  type XmlInput,
} from '@meridian/lab-aws-protocol'
import type { Result } from './operation.ts'

/** A hosted zone or a health check, as far as its tags go. */
export type Tagged = { id: string; tags: Record<string, string> }

const mostInRequest = 10

/** Tags of a hosted zone or a health check. */
export function listTagsForResource(type: string, tagged: Tagged): Result {
  return { ResourceTagSet: describe(type, tagged) }
}

/** Tags of 1 to 10 zones or health checks; `find` throws for one that is not there, and then none are told. */
export function listTagsForResources(
  type: string,
  request: AwsRequest,
  find: (id: string) => Tagged,
): Result {
  const list = child(parseXml(request.body.toString('utf8')), 'ResourceIds')
  const ids = children(list, 'ResourceId').map(id => (typeof id === 'string' ? id : ''))
  if (ids.length === 0 || ids.length > mostInRequest)
    throw new AwsError(400, 'InvalidInput', `A request names 1 to ${mostInRequest} resources`)
  return { ResourceTagSets: { ResourceTagSet: ids.map(id => describe(type, find(id))) } }
}

/** At most 10 tags to add and 10 keys to remove, keys of 1 to 128 characters, values of at most 256. */
export function changeTagsForResource(tagged: Tagged, request: AwsRequest): Result {
  const body = parseXml(request.body.toString('utf8'))
  const added = children(child(body, 'AddTags'), 'Tag').map(tag => ({
    key: textOf(tag, 'Key') ?? '',
    value: textOf(tag, 'Value') ?? '',
  }))
  const removed = children(child(body, 'RemoveTagKeys'), 'Key').filter(key => typeof key === 'string')
  if (Math.max(added.length, removed.length) > mostInRequest) throw invalid('more than 10 tags in a request')
  if (added.length + removed.length === 0) throw invalid('neither tags to add nor keys to remove')
  for (const { key, value } of added) {
    if (key.length < 1 || key.length > 128) throw invalid(`the key '${key}' has not 1 to 128 characters`)
    if (value.length > 256) throw invalid(`the value of '${key}' has more than 256 characters`)
  }
  for (const { key, value } of added) tagged.tags[key] = value
  for (const key of removed) delete tagged.tags[key]
  return {}
}

function describe(type: string, { id, tags }: Tagged): XmlInput {
  const Tag = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
  return { ResourceType: type, ResourceId: id, Tags: { Tag } }
}

function invalid(reason: string): AwsError {
  return new AwsError(400, 'InvalidInput', `Invalid tags: ${reason}`)
}
