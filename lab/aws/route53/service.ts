import type { World } from '../../world/index.ts'
import { AwsError } from '../protocol/aws-error.ts'
import type { AwsRequest } from '../protocol/aws-request.ts'
import { queryError, xmlAnswer } from '../protocol/query.ts'
import type { XmlInput } from '../protocol/xml.ts'
import type { Service } from '../service.ts'
import { type Changes, createChanges } from './changes.ts'
import { changeResourceRecordSets, listResourceRecordSets } from './record-operations.ts'
import { findRoute } from './routes.ts'
import { changeTagsForResource, listTagsForResource } from './tag-operations.ts'
import { testDnsAnswer } from './test-dns-answer.ts'
import { createThrottle } from './throttle.ts'
import {
  createHostedZone,
  deleteHostedZone,
  getHostedZone,
  listHostedZones,
  listHostedZonesByName,
} from './zone-operations.ts'
import type { Zones } from './zones.ts'

const namespace = 'https://route53.amazonaws.com/doc/2013-04-01/'
/** The time a request takes in AWS, so that a client that asks one thing after the other is not throttled. */
const requestSeconds = 0.15

export function createRoute53(world: World, zones: Zones): Service {
  const changes = createChanges(world)
  const takeToken = createThrottle(world.clock, world.faults.active('throttle-route53') ? 1 : 5)
  return {
    name: 'route53',
    operation: request => findRoute(request).operation,
    isWrite: operation => /^(Change|Create|Delete)/.test(operation),
    refuse: error => queryError(error, namespace),
    async answer(request, operation) {
      takeToken()
      await world.clock.sleep(requestSeconds)
      if (operation === 'CreateHostedZone') return answerCreation(zones, changes, request)
      const result = perform({ world, zones, changes }, operation, request)
      return xmlAnswer({ [`${operation}Response`]: { '@xmlns': namespace, ...(result as object) } })
    },
  }
}

function answerCreation(zones: Zones, changes: Changes, request: AwsRequest) {
  const { zone, result } = createHostedZone(zones, changes, request)
  const answer = xmlAnswer({ CreateHostedZoneResponse: { '@xmlns': namespace, ...(result as object) } }, 201)
  return { ...answer, headers: { ...answer.headers, location: `${namespace}hostedzone/${zone.id}` } }
}

type Parts = { world: World; zones: Zones; changes: Changes }

function perform({ world, zones, changes }: Parts, operation: string, request: AwsRequest): XmlInput {
  const { id } = findRoute(request)
  switch (operation) {
    case 'ListHostedZones':
      return listHostedZones(zones, request)
    case 'ListHostedZonesByName':
      return listHostedZonesByName(zones, request)
    case 'GetHostedZoneCount':
      return { HostedZoneCount: zones.list().length }
    case 'GetHostedZone':
      return getHostedZone(zones.get(id))
    case 'DeleteHostedZone':
      return deleteHostedZone(zones, changes, zones.get(id))
    case 'ListResourceRecordSets':
      return listResourceRecordSets(zones.get(id), request)
    case 'ChangeResourceRecordSets':
      return changeResourceRecordSets(world, zones.get(id), changes, request)
    case 'GetChange':
      return { ChangeInfo: changes.get(id) }
    case 'TestDNSAnswer':
      return testDnsAnswer(world, zones.get(request.query.get('hostedzoneid') ?? ''), request)
    case 'ListTagsForResource':
      return listTagsForResource(zones.get(id))
    case 'ChangeTagsForResource':
      return changeTagsForResource(zones.get(id), request)
    default:
      throw new AwsError(
        404,
        'UnknownOperationException',
        `${request.method} ${request.path} is no operation of Route 53`,
      )
  }
}
