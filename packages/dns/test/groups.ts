import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import { type Identity, type Mark, makeMark } from '@meridian/identity'
import { type GroupNotes, ownerRecordSet } from '../src/ownership/owner-mark.ts'
import type { DesiredGroup } from '../src/plan/plan-group.ts'
import { type LatencyRecord, toRecordSet } from '../src/records/latency-record.ts'
import type { ObservedGroup } from '../src/zone/read-group.ts'

export const fqdn = 'hugo-fed.k8s.example.com'

const repository = { id: '1001', name: 'acme/shop' }

/** The identity of an environment of the domain, `default` for the only one. */
export const runOf = (owner = 'default', more: Partial<Identity> = {}): Identity => ({
  domain: 'k8s.example.com',
  repository,
  ...(owner !== 'default' && { environment: owner }),
  ...more,
})
export const run = runOf()

export const cname = (region: string, target = `lb.${region}.example.net`, ttl = 60): LatencyRecord => ({
  kind: 'cname',
  region,
  target,
  ttl,
})

export const alias = (region: string): LatencyRecord => ({
  kind: 'alias',
  region,
  target: `a-1.${region}.elb.amazonaws.com`,
  targetZoneId: 'Z35SXDOTRQ7X7K',
  evaluateTargetHealth: true,
})

export const threeRegions = [cname('us-east-1'), cname('eu-west-1'), cname('ap-northeast-1')]

export const desire = (
  records: readonly LatencyRecord[],
  more: Partial<DesiredGroup> = {},
): DesiredGroup => ({
  fqdn,
  identity: run,
  records,
  adopt: false,
  maxDeletes: 1,
  minRegions: 1,
  ...more,
})

/** What Route 53 holds after a group was written, by an environment or with a mark. */
export function observe(
  records: readonly LatencyRecord[],
  owner: string | Mark = 'default',
  others: readonly ResourceRecordSet[] = [],
  notes: Partial<GroupNotes> = {},
): ObservedGroup {
  const sets = records.map(record => toRecordSet(fqdn, record))
  const written = typeof owner === 'string' ? makeMark(runOf(owner)) : owner
  const mark = [ownerRecordSet(`_meridian.${fqdn}`, written, sets, notes)]
  return { fqdn, records: [...sets, ...others], ownerRecords: mark }
}

export const unmarked = (records: readonly LatencyRecord[], others: readonly ResourceRecordSet[] = []) => ({
  ...observe(records, 'default', others),
  ownerRecords: [],
})

export const nothing: ObservedGroup = { fqdn, records: [], ownerRecords: [] }
