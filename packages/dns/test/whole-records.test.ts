import type { ResourceRecord, ResourceRecordSet } from '@aws-sdk/client-route-53'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Plan } from '../src/plan/plan.ts'
import { planGroup } from '../src/plan/plan-group.ts'
import { planOutage } from '../src/plan/plan-outage.ts'
import { planRemoval } from '../src/plan/plan-removal.ts'
import { describeRecordSet, isSameRecordSet } from '../src/records/latency-record.ts'
import { markUnread, type ReadRecordSet } from '../src/zone/unread-members.ts'
import { cname, desire, fqdn, observe, run, threeRegions } from './groups.ts'

type Members = Partial<ReadRecordSet>

const leadingTo = (Value: string) => fc.constant<ResourceRecord[]>([{ Value }])
/** Every member of a record set that the SDK knows, but its name, type and region, and one that it does not. */
const anyMembers: fc.Arbitrary<Members> = fc.record(
  {
    SetIdentifier: fc.constantFrom('us-east-1', 'usa'),
    TTL: fc.constantFrom(60, 300),
    ResourceRecords: fc.oneof(leadingTo('lb.us-east-1.example.net'), leadingTo('b.example.net')),
    HealthCheckId: fc.constant('check-1'),
    Weight: fc.constant(0),
    Failover: fc.constant('PRIMARY' as const),
    GeoLocation: fc.constant({ CountryCode: 'DE' }),
    GeoProximityLocation: fc.constant({ AWSRegion: 'us-east-1', Bias: 10 }),
    MultiValueAnswer: fc.constant(true),
    CidrRoutingConfig: fc.constant({ CollectionId: 'c', LocationName: '*' }),
    TrafficPolicyInstanceId: fc.constant('t'),
    unread: fc.constant<readonly string[]>(['AZAffinity']),
  } satisfies Record<Exclude<keyof ReadRecordSet, 'Name' | 'Type' | 'Region' | 'AliasTarget'>, unknown>,
  { requiredKeys: ['SetIdentifier', 'TTL', 'ResourceRecords'] },
)
/** What a run has a say in; everything else of a record set is somebody's. */
const own = ['SetIdentifier', 'TTL', 'ResourceRecords', 'AliasTarget', 'EvaluateTargetHealth']

const standing = (members: Members) => {
  const at = observe(threeRegions)
  const changed = at.records.map(set => (set.Region === 'us-east-1' ? { ...set, ...members } : set))
  return { ...at, records: changed }
}
const others = ({ Name: _, Type: __, Region: ___, ...set }: Members) =>
  Object.fromEntries(Object.entries(set).filter(([name]) => !own.includes(name)))

function expectKeptOrRefused(plan: Plan, members: Members) {
  const lost = Object.keys(others(members)).filter(name => name !== 'HealthCheckId')
  if (plan.kind !== 'refuse') {
    const row = plan.rows.find(({ subject }) => subject === 'us-east-1')
    if (row?.after) expect(others(row.after)).toEqual(others(members))
    else expect(lost).toEqual([])
    return
  }
  expect(plan.reason).toBe('not-kept')
  for (const name of lost) expect(plan.message).toContain(name === 'unread' ? 'AZAffinity' : name)
}

describe('whatever a record of ours says is kept, or refused by name', () => {
  test('by a run that applies', () => {
    fc.assert(
      fc.property(
        anyMembers,
        fc.constantFrom('lb.us-east-1.example.net', 'c.example.net'),
        (members, target) => {
          const wish = desire([cname('us-east-1', target), ...threeRegions.slice(1)])
          expectKeptOrRefused(planGroup(wish, standing(members)), members)
        },
      ),
    )
  })

  test('by a run that removes the group, or takes the region out', () => {
    const regions = ['us-east-1']
    fc.assert(
      fc.property(anyMembers, members => {
        const at = standing(members)
        expectKeptOrRefused(planRemoval(run, at), members)
        expectKeptOrRefused(planOutage(run, at, { mode: 'take-out', regions, minRegions: 1 }), members)
      }),
    )
  })

  test('and no two records that differ in any member are taken for the same', () => {
    const set = (members: object): ResourceRecordSet => ({
      Name: fqdn,
      Type: 'CNAME',
      Region: 'us-east-1',
      ...members,
    })
    fc.assert(
      fc.property(anyMembers, anyMembers, (left, right) => {
        expect(isSameRecordSet(set(left), set(right))).toBe(sorted(left) === sorted(right))
      }),
    )
  })

  const sorted = (members: object) =>
    JSON.stringify(Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1)))
})

test('an owner mark that says more than a text is none that can be read', () => {
  const at = observe(threeRegions)
  const ownerRecords = at.ownerRecords.map(set => ({ ...set, HealthCheckId: 'check-1' }))
  expect(planGroup(desire(threeRegions.slice(1)), { ...at, ownerRecords })).toMatchObject({
    reason: 'unreadable-owner',
  })
})

describe('what the SDK leaves out of a listing is told by name', () => {
  const listing = (...sets: string[]) =>
    `<?xml version="1.0"?><ListResourceRecordSetsResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ResourceRecordSets>${sets
      .map(set => `<ResourceRecordSet>${set}</ResourceRecordSet>`)
      .join('')}</ResourceRecordSets></ListResourceRecordSetsResponse>`
  const text =
    '<Name>a.</Name><Type>TXT</Type><TTL>60</TTL><ResourceRecords><ResourceRecord><Value>&lt;b&gt;</Value></ResourceRecord></ResourceRecords>'
  const set: ResourceRecordSet = { Name: 'a.', Type: 'TXT', TTL: 60, ResourceRecords: [{ Value: '<b>' }] }

  test.each<[string, string, ResourceRecordSet, string[] | undefined]>([
    ['nothing', text, set, undefined],
    ['a member', `${text}<AZAffinity><LocationId>use1-az1</LocationId></AZAffinity>`, set, ['AZAffinity']],
    ['an empty member', `${text}<New></New>`, set, undefined],
    [
      'a member of a member',
      '<Name>a.</Name><Type>A</Type><AliasTarget><DNSName>b.</DNSName><New>1</New></AliasTarget>',
      {
        Name: 'a.',
        Type: 'A',
        AliasTarget: { DNSName: 'b.', HostedZoneId: undefined, EvaluateTargetHealth: undefined },
      },
      ['AliasTarget.New'],
    ],
    ['a member of an item', text.replace('</Value>', '</Value><New>1</New>'), set, ['ResourceRecords.New']],
  ])('%s', (_, written, read, unread) => {
    expect(markUnread(listing(text, written), [set, read]).map(one => one.unread)).toEqual([
      undefined,
      unread,
    ])
    expect(markUnread(listing(written), [read])[0]?.unread).toEqual(unread)
  })

  test('and is in the words for a record', () => {
    expect(describeRecordSet({ ...set, unread: ['AZAffinity'] } as ReadRecordSet)).toBe(
      'TXT 60 s AZAffinity → <b>',
    )
  })
})
