import type { AwsRequest } from '../protocol/aws-request.ts'
import { child, children, parseXml, textOf } from '../protocol/xml.ts'
import type { Result } from './operations.ts'
import type { Zone } from './zones.ts'

export function listTagsForResource(zone: Zone): Result {
  const Tag = Object.entries(zone.tags).map(([Key, Value]) => ({ Key, Value }))
  return { ResourceTagSet: { ResourceType: 'hostedzone', ResourceId: zone.id, Tags: { Tag } } }
}

export function changeTagsForResource(zone: Zone, request: AwsRequest): Result {
  const body = parseXml(request.body.toString('utf8'))
  for (const tag of children(child(body, 'AddTags'), 'Tag')) {
    zone.tags[textOf(tag, 'Key') ?? ''] = textOf(tag, 'Value') ?? ''
  }
  for (const key of children(child(body, 'RemoveTagKeys'), 'Key')) {
    if (typeof key === 'string') delete zone.tags[key]
  }
  return {}
}
