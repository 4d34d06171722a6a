import { AwsError, type AwsRequest, child, parseXml, textOf, type XmlInput } from '@meridian/lab-aws-protocol'
import type { Changes } from './changes.ts'
import { canonicalName, nameProblem, sortKey } from './domain-name.ts'
import type { Result } from './operation.ts'
import { pageSize, paginate } from './paginate.ts'
import type { Zone, Zones } from './zones.ts'

/** A page of the account's zones; `hostedzonetype=PrivateHostedZone` leaves the public ones out. */
export function listHostedZones(zones: Zones, { query }: AwsRequest): Result {
  const closed = query.get('hostedzonetype') === 'PrivateHostedZone'
  const listed = closed ? zones.list().filter(zone => zone.private) : zones.list()
  const { page, ...rest } = paginate(listed, query)
  return { HostedZones: { HostedZone: page.map(describeZone) }, ...rest }
}

/** Not a search: everything from the given name on, in the order of reversed labels, then by id. */
export function listHostedZonesByName(zones: Zones, { query }: AwsRequest): Result {
  const most = pageSize(query.get('maxitems'), 100)
  const name = query.get('dnsname')
  const id = query.get('hostedzoneid')
  if (id !== null && name === null)
    throw new AwsError(400, 'InvalidInput', 'The DNS name is required with a hosted zone ID')
  const position = (name: string, id: string) => `${sortKey(name)} ${id}`
  const start = position(name ?? '', id ?? '')
  const all = zones
    .list()
    .filter(zone => name === null || position(zone.name, zone.id) >= start)
    .sort((a, b) => (position(a.name, a.id) < position(b.name, b.id) ? -1 : 1))
  const next = all[most]
  return {
    HostedZones: { HostedZone: all.slice(0, most).map(describeZone) },
    DNSName: name ?? undefined,
    HostedZoneId: id ?? undefined,
    IsTruncated: next !== undefined,
    NextDNSName: next?.name,
    NextHostedZoneId: next?.id,
    MaxItems: most,
  }
}

/** A zone with its delegation: name servers of a public one, VPCs of a private one. */
export function getHostedZone(zone: Zone): Result {
  return { HostedZone: describeZone(zone), ...delegation(zone) }
}

/** Sets a zone's comment; a request without one empties it. */
export function updateHostedZoneComment(zone: Zone, request: AwsRequest): Result {
  zone.comment = textOf(parseXml(request.body.toString('utf8')), 'Comment') ?? ''
  return { HostedZone: describeZone(zone) }
}

/** A new zone and where it is found. A caller's reference names one zone for ever; private ones have a VPC. */
export function createHostedZone(
  zones: Zones,
  changes: Changes,
  request: AwsRequest,
): { result: Result; path: string } {
  const body = parseXml(request.body.toString('utf8'))
  const name = canonicalName(textOf(body, 'Name') ?? '')
  const callerReference = textOf(body, 'CallerReference') ?? ''
  const config = child(body, 'HostedZoneConfig')
  if (name === '.' || nameProblem(name)) {
    throw new AwsError(400, 'InvalidDomainName', `${textOf(body, 'Name')} is not a valid domain name`)
  }
  if (zones.list().some(zone => zone.callerReference === callerReference)) {
    throw new AwsError(
      409,
      'HostedZoneAlreadyExists',
      'A hosted zone has already been created with the specified caller reference.',
    )
  }
  const delegationSet = textOf(body, 'DelegationSetId')
  if (delegationSet) {
    throw new AwsError(400, 'NoSuchDelegationSet', `No delegation set found with ID: ${delegationSet}`)
  }
  const zone = zones.add(name, {
    callerReference,
    comment: textOf(config, 'Comment') ?? '',
    private: textOf(config, 'PrivateZone') === 'true' || child(body, 'VPC') !== undefined,
  })
  return {
    path: `hostedzone/${zone.id}`,
    result: { HostedZone: describeZone(zone), ChangeInfo: changes.submit(), ...delegation(zone) },
  }
}

/** Deletes a zone that has but its SOA and NS, and no protections. */
export function deleteHostedZone(zones: Zones, changes: Changes, zone: Zone): Result {
  if (zone.records.size > 2) {
    throw new AwsError(
      400,
      'HostedZoneNotEmpty',
      'The specified hosted zone contains non-required resource record sets  and so cannot be deleted.',
    )
  }
  if (zone.protections.size > 0) {
    throw new AwsError(
      400,
      'HostedZoneNotEmpty',
      'The specified hosted zone contains resource record set protections and so cannot be deleted.',
    )
  }
  zones.remove(zone.id)
  return { ChangeInfo: changes.submit() }
}

function delegation(zone: Zone): { DelegationSet?: XmlInput } {
  return zone.private ? {} : { DelegationSet: { NameServers: { NameServer: zone.nameServers } } }
}

function describeZone(zone: Zone): XmlInput {
  return {
    Id: `/hostedzone/${zone.id}`,
    Name: zone.name,
    CallerReference: zone.callerReference,
    Config: { Comment: zone.comment || undefined, PrivateZone: zone.private },
    ResourceRecordSetCount: zone.records.size,
    Features:
      zone.acceleratedRecovery === undefined
        ? undefined
        : {
            AcceleratedRecoveryStatus: zone.acceleratedRecovery ? 'ENABLED' : 'DISABLED',
          },
  }
}
