import { isIP } from 'node:net'
import { AwsError, type AwsRequest } from '@meridian/lab-aws-protocol'
import type { World } from '@meridian/lab-world'
import { answerQuestion } from './answer-question.ts'
import { canonicalName, isWithin } from './domain-name.ts'
import type { HealthChecks } from './health-checks.ts'
import { locateClient } from './locate-client.ts'
import type { Result } from './operation.ts'
import { worldResolver } from './world-resolver.ts'
import type { Zone } from './zones.ts'

/** What Route 53's servers would answer a resolver, or the client subnet that the resolver passes on. */
export function testDnsAnswer(world: World, checks: HealthChecks, zone: Zone, { query }: AwsRequest): Result {
  if (zone.private)
    throw new AwsError(400, 'InvalidInput', 'TestDNSAnswer is not supported for private hosted zones.')
  const name = canonicalName(query.get('recordname') ?? '')
  const type = query.get('recordtype') ?? ''
  if (!isWithin(name, zone.name)) {
    throw new AwsError(400, 'InvalidInput', `The record name ${name} is not in the hosted zone ${zone.name}`)
  }
  const client = readAddress(query, 'edns0clientsubnetip') ?? readAddress(query, 'resolverip')
  readMask(query)
  const resolver = worldResolver(world, checks)
  const answer = answerQuestion(zone.records, { name, type }, locateClient(client), resolver)
  const own = answer.records.filter(line => line.name === name)
  return {
    Nameserver: zone.nameServers[0],
    RecordName: name,
    RecordType: type,
    RecordData: { RecordDataEntry: own.map(line => line.value) },
    ResponseCode: answer.responseCode,
    Protocol: 'UDP',
  }
}

function readAddress(query: URLSearchParams, parameter: string): string | undefined {
  const address = query.get(parameter)
  if (address === null) return undefined
  if (isIP(address) === 0) throw new AwsError(400, 'InvalidInput', `Invalid IP address: ${address}`)
  return address
}

function readMask(query: URLSearchParams): void {
  const mask = query.get('edns0clientsubnetmask')
  if (mask === null) return
  const most = isIP(query.get('edns0clientsubnetip') ?? '') === 6 ? 128 : 32
  const length = Number(mask)
  if (!Number.isInteger(length) || length < 0 || length > most) {
    throw new AwsError(400, 'InvalidInput', `Invalid EDNS0 client subnet mask: ${mask}`)
  }
}
