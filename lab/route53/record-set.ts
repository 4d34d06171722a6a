import type { XmlNode } from '@meridian/lab-aws-protocol'

export type AliasTarget = { zoneId: string; dnsName: string; evaluateTargetHealth: boolean }

/** How Route 53 chooses among several record sets of one name and type. */
export type RoutingPolicy =
  | 'simple'
  | 'latency'
  | 'weighted'
  | 'failover'
  | 'geolocation'
  | 'multivalue answer'
  | 'geoproximity'
  | 'IP-based'
  | 'AZ affinity'

/** Elements that the lab keeps as they were sent, and does nothing with. */
export type KeptElements = { [name: string]: XmlNode | XmlNode[] | undefined }

export type RecordSet = {
  /** Canonical: lower case, final dot, octal escapes. */
  name: string
  type: string
  setIdentifier?: string
  region?: string
  weight?: string
  failover?: string
  /** The location as `ContinentCode=EU`-like text. */
  geoLocation?: string
  multiValueAnswer?: string
  ttl?: number
  values: string[]
  alias?: AliasTarget
  healthCheckId?: string
  geoProximity?: KeptElements
  cidrRouting?: KeptElements
  azAffinity?: KeptElements
  /** Whatever else was sent: the real service learns members too. */
  rest?: KeptElements
}

const selectors: [field: keyof RecordSet, policy: RoutingPolicy][] = [
  ['region', 'latency'],
  ['weight', 'weighted'],
  ['failover', 'failover'],
  ['geoLocation', 'geolocation'],
  ['multiValueAnswer', 'multivalue answer'],
  ['geoProximity', 'geoproximity'],
  ['cidrRouting', 'IP-based'],
  ['azAffinity', 'AZ affinity'],
]

/** The policies that a record set asks for; a legal one has at most one. */
export function selectorsOf(record: RecordSet): RoutingPolicy[] {
  return selectors.filter(([field]) => record[field] !== undefined).map(([, policy]) => policy)
}

/** The routing policy by which it is chosen among record sets of its name and type. */
export function policyOf(record: RecordSet): RoutingPolicy {
  return selectorsOf(record)[0] ?? 'simple'
}

/** Name, type and set identifier make a record set unique in its zone. */
export function isSameSlot(a: RecordSet, b: RecordSet): boolean {
  return a.name === b.name && a.type === b.type && a.setIdentifier === b.setIdentifier
}

/** Everything that a DELETE must repeat; the order of values does not matter. */
export function isSameContent(a: RecordSet, b: RecordSet): boolean {
  return fingerprint(a) === fingerprint(b)
}

function fingerprint(record: RecordSet): string {
  const { name, type, ttl, values, alias } = record
  const chosen = selectors.map(([field]) => record[field] ?? null)
  const target = alias && [alias.zoneId, alias.dnsName, alias.evaluateTargetHealth]
  return JSON.stringify([
    name,
    type,
    record.setIdentifier,
    chosen,
    ttl,
    values.toSorted(),
    target,
    record.healthCheckId,
    record.rest,
  ])
}

/** `[name='x.', type='A', set-identifier='eu']`, as Route 53 names a record set in its refusals. */
export function describeSlot(record: RecordSet): string {
  const identifier = record.setIdentifier === undefined ? '' : `, set-identifier='${record.setIdentifier}'`
  return `[name='${record.name}', type='${record.type}'${identifier}]`
}
