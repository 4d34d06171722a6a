import { AwsError, type AwsRequest } from '@meridian/lab-aws-protocol'
import {
  createHealthCheck,
  deleteHealthCheck,
  getHealthCheck,
  listHealthChecks,
  updateHealthCheck,
} from './health-check-operations.ts'
import { getAccountLimit, getHostedZoneLimit } from './limit-operations.ts'
import type { Parts, Result } from './operation.ts'
import { createProtections, deleteProtections, listProtections } from './protection-operations.ts'
import { changeResourceRecordSets, listResourceRecordSets } from './record-operations.ts'
import {
  changeTagsForResource,
  listTagsForResource,
  listTagsForResources,
  type Tagged,
} from './tag-operations.ts'
import { testDnsAnswer } from './test-dns-answer.ts'
import {
  createHostedZone,
  deleteHostedZone,
  getHostedZone,
  listHostedZones,
  listHostedZonesByName,
  updateHostedZoneComment,
} from './zone-operations.ts'

/** `ids` are the identifiers in the path. */
type Perform<T> = (parts: Parts, request: AwsRequest, ...ids: string[]) => T

/** Operations that make something answer 201 and say where it is. */
export const creations: Record<string, Perform<{ result: Result; path: string }>> = {
  CreateHostedZone: ({ zones, changes }, request) => createHostedZone(zones, changes, request),
  CreateHealthCheck: ({ checks }, request) => createHealthCheck(checks, request),
}

export const operations: Record<string, Perform<Result>> = {
  ListHostedZones: ({ zones }, request) => listHostedZones(zones, request),
  ListHostedZonesByName: ({ zones }, request) => listHostedZonesByName(zones, request),
  GetHostedZoneCount: ({ zones }) => ({ HostedZoneCount: zones.list().length }),
  GetHostedZone: ({ zones }, _, id = '') => getHostedZone(zones.get(id)),
  UpdateHostedZoneComment: ({ zones }, request, id = '') => updateHostedZoneComment(zones.get(id), request),
  DeleteHostedZone: ({ zones, changes }, _, id = '') => deleteHostedZone(zones, changes, zones.get(id)),
  GetHostedZoneLimit: ({ zones }, _, id = '', type = '') => getHostedZoneLimit(zones.get(id), type),
  GetAccountLimit: ({ zones, checks }, _, type = '') => getAccountLimit(zones, checks, type),
  ListResourceRecordSets: ({ zones }, request, id = '') => listResourceRecordSets(zones.get(id), request),
  ChangeResourceRecordSets: (parts, request, id = '') =>
    changeResourceRecordSets(parts, parts.zones.get(id), request),
  ListResourceRecordSetProtections: ({ zones }, request, id = '') => listProtections(zones.get(id), request),
  CreateResourceRecordSetProtections: ({ world, zones }, request, id = '') =>
    createProtections(world, zones.get(id), request),
  DeleteResourceRecordSetProtections: ({ world, zones }, request, id = '') =>
    deleteProtections(world, zones.get(id), request),
  GetChange: ({ changes }, _, id = '') => ({ ChangeInfo: changes.get(id) }),
  TestDNSAnswer: ({ world, zones, checks }, request) =>
    testDnsAnswer(world, checks, zones.get(request.query.get('hostedzoneid') ?? ''), request),
  ListHealthChecks: ({ checks }, request) => listHealthChecks(checks, request),
  GetHealthCheckCount: ({ checks }) => ({ HealthCheckCount: checks.list().length }),
  GetHealthCheck: ({ checks }, _, id = '') => getHealthCheck(checks.get(id)),
  UpdateHealthCheck: ({ checks }, request, id = '') => updateHealthCheck(checks.get(id), request),
  DeleteHealthCheck: ({ checks }, _, id = '') => deleteHealthCheck(checks, checks.get(id)),
  ListTagsForResource: (parts, _, type = '', id = '') =>
    listTagsForResource(type, findTagged(parts, type, id)),
  ListTagsForResources: (parts, request, type = '') =>
    listTagsForResources(type, request, id => findTagged(parts, type, id)),
  ChangeTagsForResource: (parts, request, type = '', id = '') =>
    changeTagsForResource(findTagged(parts, type, id), request),
}

function findTagged({ zones, checks }: Parts, type: string, id: string): Tagged {
  if (type === 'hostedzone') return zones.get(id)
  if (type === 'healthcheck') return checks.get(id)
  throw new AwsError(
    400,
    'InvalidInput',
    `1 validation error detected: Value '${type}' at 'resourceType' failed to satisfy constraint: Member must satisfy enum value set: [healthcheck, hostedzone]`,
  )
}
