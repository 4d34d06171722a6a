import type { World } from '../../world/index.ts'
import type { AwsRequest } from '../protocol/aws-request.ts'
import type { XmlInput } from '../protocol/xml.ts'
import type { Changes } from './changes.ts'
import { createProtections, deleteProtections, listProtections } from './protection-operations.ts'
import { changeResourceRecordSets, listResourceRecordSets } from './record-operations.ts'
import { changeTagsForResource, listTagsForResource } from './tag-operations.ts'
import { testDnsAnswer } from './test-dns-answer.ts'
import {
  createHostedZone,
  deleteHostedZone,
  getHostedZone,
  listHostedZones,
  listHostedZonesByName,
} from './zone-operations.ts'
import type { Zones } from './zones.ts'

export type Parts = { world: World; zones: Zones; changes: Changes }
export type Result = Record<string, XmlInput>

/** `id` is the identifier in the path, '' where there is none. */
type Perform<T> = (parts: Parts, request: AwsRequest, id: string) => T

/** Operations that make something answer 201 and say where it is. */
export const creations: Record<string, Perform<{ result: Result; path: string }>> = {
  CreateHostedZone: ({ zones, changes }, request) => createHostedZone(zones, changes, request),
}

export const operations: Record<string, Perform<Result>> = {
  ListHostedZones: ({ zones }, request) => listHostedZones(zones, request),
  ListHostedZonesByName: ({ zones }, request) => listHostedZonesByName(zones, request),
  GetHostedZoneCount: ({ zones }) => ({ HostedZoneCount: zones.list().length }),
  GetHostedZone: ({ zones }, _, id) => getHostedZone(zones.get(id)),
  DeleteHostedZone: ({ zones, changes }, _, id) => deleteHostedZone(zones, changes, zones.get(id)),
  ListResourceRecordSets: ({ zones }, request, id) => listResourceRecordSets(zones.get(id), request),
  ChangeResourceRecordSets: ({ world, zones, changes }, request, id) =>
    changeResourceRecordSets(world, zones.get(id), changes, request),
  ListResourceRecordSetProtections: ({ zones }, request, id) => listProtections(zones.get(id), request),
  CreateResourceRecordSetProtections: ({ world, zones }, request, id) =>
    createProtections(world, zones.get(id), request),
  DeleteResourceRecordSetProtections: ({ world, zones }, request, id) =>
    deleteProtections(world, zones.get(id), request),
  GetChange: ({ changes }, _, id) => ({ ChangeInfo: changes.get(id) }),
  TestDNSAnswer: ({ world, zones }, request) =>
    testDnsAnswer(world, zones.get(request.query.get('hostedzoneid') ?? ''), request),
  ListTagsForResource: ({ zones }, _, id) => listTagsForResource(zones.get(id)),
  ChangeTagsForResource: ({ zones }, request, id) => changeTagsForResource(zones.get(id), request),
}
