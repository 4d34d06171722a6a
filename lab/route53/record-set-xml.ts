import { child, children, textOf, type XmlInput, type XmlNode } from '@meridian/lab-aws-protocol'
import { canonicalName } from './domain-name.ts'
import type { AliasTarget, KeptElements, RecordSet } from './record-set.ts'

/** Reads a `ResourceRecordSet`; elements that the lab has no field for are kept as they are. */
export function readRecordSet(node: XmlNode): RecordSet {
  const ttl = textOf(node, 'TTL')
  const geoLocation = child(node, 'GeoLocation')
  const record: RecordSet = {
    name: canonicalName(textOf(node, 'Name') ?? ''),
    type: textOf(node, 'Type') ?? '',
    values: children(child(node, 'ResourceRecords'), 'ResourceRecord').map(
      value => textOf(value, 'Value') ?? '',
    ),
  }
  const optional: Partial<RecordSet> = {
    setIdentifier: textOf(node, 'SetIdentifier'),
    region: textOf(node, 'Region'),
    weight: textOf(node, 'Weight'),
    failover: textOf(node, 'Failover'),
    geoLocation: geoLocation && describeLocation(geoLocation),
    multiValueAnswer: textOf(node, 'MultiValueAnswer'),
    healthCheckId: textOf(node, 'HealthCheckId'),
    geoProximity: keep(node, name => name === 'GeoProximityLocation'),
    cidrRouting: keep(node, name => name === 'CidrRoutingConfig'),
    azAffinity: keep(node, name => name === 'AZAffinity'),
    rest: keep(node, name => !known.has(name)),
    ttl: ttl === undefined ? undefined : Number(ttl),
    alias: readAlias(child(node, 'AliasTarget')),
  }
  return {
    ...record,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  }
}

const known = new Set([
  ...[
    'Name',
    'Type',
    'SetIdentifier',
    'Weight',
    'Region',
    'GeoLocation',
    'Failover',
    'MultiValueAnswer',
    'TTL',
  ],
  ...[
    'ResourceRecords',
    'AliasTarget',
    'HealthCheckId',
    'GeoProximityLocation',
    'CidrRoutingConfig',
    'AZAffinity',
  ],
  '#text',
])

function keep(node: XmlNode, fits: (name: string) => boolean): KeptElements | undefined {
  const elements = Object.entries(typeof node === 'string' ? {} : node).filter(([name]) => fits(name))
  return elements.length > 0 ? Object.fromEntries(elements) : undefined
}

function readAlias(node: XmlNode | undefined): AliasTarget | undefined {
  if (node === undefined) return undefined
  return {
    zoneId: textOf(node, 'HostedZoneId') ?? '',
    dnsName: canonicalName(textOf(node, 'DNSName') ?? ''),
    evaluateTargetHealth: textOf(node, 'EvaluateTargetHealth') === 'true',
  }
}

const locationParts = ['ContinentCode', 'CountryCode', 'SubdivisionCode']

function describeLocation(node: XmlNode): string {
  return locationParts.flatMap(part => (child(node, part) ? [`${part}=${textOf(node, part)}`] : [])).join(',')
}

/** Writes a `ResourceRecordSet`; elements that were only kept come last. */
export function writeRecordSet(record: RecordSet): XmlInput {
  const { alias } = record
  return {
    Name: record.name,
    Type: record.type,
    SetIdentifier: record.setIdentifier,
    Weight: record.weight,
    Region: record.region,
    GeoLocation:
      record.geoLocation && Object.fromEntries(record.geoLocation.split(',').map(part => part.split('='))),
    Failover: record.failover,
    MultiValueAnswer: record.multiValueAnswer,
    TTL: record.ttl,
    ResourceRecords: alias ? undefined : { ResourceRecord: record.values.map(Value => ({ Value })) },
    AliasTarget: alias && {
      HostedZoneId: alias.zoneId,
      DNSName: alias.dnsName,
      EvaluateTargetHealth: alias.evaluateTargetHealth,
    },
    HealthCheckId: record.healthCheckId,
    ...record.geoProximity,
    ...record.cidrRouting,
    ...record.azAffinity,
    ...record.rest,
  }
}
