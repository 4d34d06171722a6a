import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import { describe, expect, test } from 'vitest'
import type { Plan } from '../../src/plan/plan.ts'
import { planGroup } from '../../src/plan/plan-group.ts'
import { describeRecordSet } from '../../src/records/latency-record.ts'
import { alias, cname, desire, fqdn, nothing, observe, threeRegions, unmarked } from '../groups.ts'

const actions = (plan: Plan) =>
  plan.rows.map(row => `${row.action} ${row.record === 'owner' ? 'owner' : row.subject}`)
const batch = (plan: Plan) =>
  plan.kind === 'change'
    ? plan.batch.map(
        ({ Action, ResourceRecordSet: set }) => `${Action} ${set?.Type} ${set?.Region ?? 'owner'}`,
      )
    : []
const reason = (plan: Plan) => (plan.kind === 'refuse' ? plan.reason : plan.kind)

const set = (given: Partial<ResourceRecordSet>): ResourceRecordSet => ({
  Name: `${fqdn}.`,
  Type: 'A',
  TTL: 60,
  ResourceRecords: [{ Value: '192.0.2.1' }],
  ...given,
})

describe('a group that is wanted', () => {
  test('where nothing is, all regions and the mark are created in one batch', () => {
    expect(batch(planGroup(desire(threeRegions), nothing))).toEqual([
      'CREATE CNAME ap-northeast-1',
      'CREATE CNAME eu-west-1',
      'CREATE CNAME us-east-1',
      'CREATE TXT owner',
    ])
  })

  test('where it already is, nothing is done', () => {
    expect(planGroup(desire(threeRegions), observe(threeRegions)).kind).toBe('nothing')
  })

  test('where it already is in other letters and with a final dot, nothing is done', () => {
    const observed = observe([cname('us-east-1', 'LB.US-EAST-1.Example.Net.')])
    expect(planGroup(desire([cname('us-east-1')]), observed).kind).toBe('nothing')
  })

  test('with another region, creates that and replaces the mark, deletes before creates', () => {
    const plan = planGroup(desire(threeRegions), observe(threeRegions.slice(0, 2)))
    expect(batch(plan)).toEqual(['DELETE TXT owner', 'CREATE CNAME ap-northeast-1', 'CREATE TXT owner'])
  })

  test('with a region less, deletes that one', () => {
    const plan = planGroup(desire(threeRegions.slice(0, 2)), observe(threeRegions))
    expect(actions(plan)).toEqual([
      'keep eu-west-1',
      'keep us-east-1',
      'delete ap-northeast-1',
      'replace owner',
    ])
  })

  test.each([
    ['another target', cname('us-east-1', 'new.example.net')],
    ['another TTL', cname('us-east-1', undefined, 300)],
    ['an alias', alias('us-east-1')],
  ])('with %s, replaces exactly what is there', (_, record) => {
    const observed = observe([cname('us-east-1')])
    const plan = planGroup(desire([record]), observed)
    expect(plan.kind === 'change' && plan.batch[0]).toEqual({
      Action: 'DELETE',
      ResourceRecordSet: observed.records[0],
    })
    expect(actions(plan)).toEqual(['replace us-east-1', 'replace owner'])
  })

  test('of aliases where CNAMEs are wanted, is turned in one batch', () => {
    const aliases = threeRegions.map(({ region }) => alias(region))
    const plan = planGroup(desire(threeRegions), observe(aliases))
    expect(batch(plan).map(change => change.split(' ', 2).join(' '))).toEqual([
      ...['DELETE A', 'DELETE A', 'DELETE A', 'DELETE TXT'],
      ...['CREATE CNAME', 'CREATE CNAME', 'CREATE CNAME', 'CREATE TXT'],
    ])
  })

  test('that somebody else changed since, is mended, and that is told', () => {
    const observed = observe(threeRegions)
    const drained = { ...observed, records: observed.records.slice(1) }
    const plan = planGroup(desire(threeRegions), drained)
    expect(plan).toMatchObject({ kind: 'change', drifted: true })
    expect(planGroup(desire(threeRegions.slice(1)), observed)).not.toHaveProperty('drifted')
  })

  test('whose region has another identifier, replaces it', () => {
    const observed = observe([cname('us-east-1')])
    const renamed = {
      ...observed,
      records: observed.records.map(record => ({ ...record, SetIdentifier: 'usa' })),
    }
    expect(actions(planGroup(desire([cname('us-east-1')]), renamed))).toEqual([
      'replace us-east-1',
      'replace owner',
    ])
  })

  test('may stand beside records of other types that DNS allows there', () => {
    const mail = set({ Type: 'MX', ResourceRecords: [{ Value: '10 mail.example.com' }] })
    expect(planGroup(desire([alias('us-east-1')]), { ...nothing, records: [mail] }).kind).toBe('change')
  })
})

describe('a health check', () => {
  const attached = (records = threeRegions) =>
    records.map(record => ({ ...record, healthCheckId: 'check-1' }))
  const checksAfter = (plan: Plan) =>
    Object.fromEntries(
      plan.rows.flatMap(({ after }) => (after?.Region ? [[after.Region, after.HealthCheckId]] : [])),
    )

  test('that somebody has attached is no reason for a change', () => {
    const drifted = { ...observe(threeRegions), records: observe(attached()).records }
    expect(planGroup(desire(threeRegions), drifted).kind).toBe('nothing')
  })

  test('stays on a record that gets another target or type, and drift is told', () => {
    const drifted = { ...observe(threeRegions), records: observe(attached()).records }
    const plan = planGroup(desire([alias('us-east-1'), alias('eu-west-1')]), drifted)
    expect(plan).toMatchObject({ kind: 'change', drifted: true })
    expect(checksAfter(plan)).toEqual({ 'us-east-1': 'check-1', 'eu-west-1': 'check-1' })
    const aliases = plan.rows.flatMap(({ after }) => after?.AliasTarget?.EvaluateTargetHealth ?? [])
    expect(aliases).toEqual([true, true])
  })

  test('that is given is attached, and none takes one off; the others stay', () => {
    const healthChecks = { 'us-east-1': 'none', 'eu-west-1': 'check-2' }
    const plan = planGroup(desire(threeRegions, { healthChecks }), observe(attached()))
    expect(checksAfter(plan)).toEqual({
      'us-east-1': undefined,
      'eu-west-1': 'check-2',
      'ap-northeast-1': 'check-1',
    })
    expect(actions(plan)).toEqual([
      'keep ap-northeast-1',
      'replace eu-west-1',
      'replace us-east-1',
      'replace owner',
    ])
  })

  test('is seen in the words for a record', () => {
    const sets = planGroup(desire(threeRegions), observe(attached())).rows.flatMap(({ after }) => after ?? [])
    expect(sets.map(describeRecordSet)).toContain(
      'CNAME 60 s latency eu-west-1 → lb.eu-west-1.example.net, health check check-1',
    )
  })
})

test('the identifier of a record is its region, by which ARC Region switch finds it', () => {
  const ids = planGroup(desire(threeRegions), nothing).rows.map(({ after }) => after?.SetIdentifier)
  expect(ids).toEqual(['ap-northeast-1', 'eu-west-1', 'us-east-1', undefined])
})

describe('a group is refused', () => {
  test.each<[string, Partial<ResourceRecordSet>, string]>([
    ['a simple record', {}, 'simple'],
    ['a weighted record', { SetIdentifier: 'w', Weight: 10 }, 'weighted 10'],
    ['a failover record', { SetIdentifier: 'f', Failover: 'PRIMARY' }, 'failover PRIMARY'],
    ['a geolocation record', { SetIdentifier: 'g', GeoLocation: { CountryCode: 'DE' } }, 'geolocation'],
    ['a multivalue record', { SetIdentifier: 'm', MultiValueAnswer: true }, 'multivalue'],
    [
      'an IP-based record',
      { SetIdentifier: 'c', CidrRoutingConfig: { CollectionId: '1', LocationName: '*' } },
      'IP-based',
    ],
    [
      'a geoproximity record',
      { SetIdentifier: 'p', GeoProximityLocation: { AWSRegion: 'eu-west-1' } },
      'geoproximity',
    ],
    ['a CNAME', { Type: 'CNAME', ResourceRecords: [{ Value: 'elsewhere.example.com' }] }, 'CNAME'],
  ])('by %s at the name, which is named', (_, given, words) => {
    const plan = planGroup(desire([alias('us-east-1')]), { ...nothing, records: [set(given)] })
    expect(reason(plan)).toBe('in-the-way')
    expect(plan.kind === 'refuse' && plan.message).toContain(words)
  })

  test.each<[string, Partial<ResourceRecordSet>]>([
    ['a text', { Type: 'TXT', ResourceRecords: [{ Value: '"v=spf1"' }] }],
    ['an IPv6 address', { Type: 'AAAA', ResourceRecords: [{ Value: '2001:db8::1' }] }],
    ['a weighted CNAME', { Type: 'CNAME', SetIdentifier: 'w', Weight: 1 }],
    ['a latency record of IPv6', { Type: 'AAAA', SetIdentifier: 'us-east-1', Region: 'us-east-1' }],
  ])('of CNAMEs by %s at the name', (_, given) => {
    expect(reason(planGroup(desire(threeRegions), { ...nothing, records: [set(given)] }))).toBe('in-the-way')
  })

  test('even where it is ours, by what somebody else has put beside it', () => {
    const text = set({ Type: 'TXT', ResourceRecords: [{ Value: '"v=spf1"' }] })
    expect(reason(planGroup(desire(threeRegions.slice(1)), observe(threeRegions, 'default', [text])))).toBe(
      'in-the-way',
    )
  })

  test('by a mark of another owner', () => {
    const plan = planGroup(desire(threeRegions), observe(threeRegions, 'pr-42'))
    expect(reason(plan)).toBe('foreign-owner')
    expect(plan.kind === 'refuse' && plan.message).toContain('belongs to pr-42.k8s.example.com of acme/shop')
  })

  test.each([
    ['a text of somebody else', '"hello"'],
    ['a mark of another tool', '"heritage=external-dns,external-dns/owner=default"'],
    ['two strings', '"heritage=meridian,owner=default" "x"'],
  ])('by %s where the mark belongs', (_, value) => {
    const mark = set({ Name: `_meridian.${fqdn}.`, Type: 'TXT', ResourceRecords: [{ Value: value }] })
    expect(reason(planGroup(desire(threeRegions), { ...nothing, ownerRecords: [mark] }))).toBe(
      'unreadable-owner',
    )
  })

  test('without mark, even when it is equal', () => {
    const plan = planGroup(desire(threeRegions), unmarked(threeRegions))
    expect(reason(plan)).toBe('unowned')
    expect(plan.kind === 'refuse' && plan.fix).toContain('adopt: true')
  })

  test('when it is to be adopted but differs', () => {
    expect(reason(planGroup(desire(threeRegions, { adopt: true }), unmarked(threeRegions.slice(1))))).toBe(
      'unowned',
    )
  })

  test('for fewer regions than min-regions', () => {
    expect(reason(planGroup(desire(threeRegions, { minRegions: 4 }), nothing))).toBe('too-few-regions')
  })

  test('for no region at all, whatever is there', () => {
    expect(reason(planGroup(desire([], { minRegions: 0, maxDeletes: 9 }), observe(threeRegions)))).toBe(
      'too-few-regions',
    )
  })

  test('for more deletions than max-deletes', () => {
    const plan = planGroup(desire(threeRegions.slice(0, 1)), observe(threeRegions))
    expect(reason(plan)).toBe('too-many-deletes')
    expect(plan.kind === 'refuse' && plan.message).toContain('ap-northeast-1')
  })
})

test('an equal group without mark is adopted by adding the mark alone', () => {
  const plan = planGroup(desire(threeRegions, { adopt: true }), unmarked(threeRegions))
  expect(batch(plan)).toEqual(['CREATE TXT owner'])
})

test('an IPv6 latency group beside our aliases is left alone', () => {
  const other = set({ Type: 'AAAA', SetIdentifier: 'us-east-1', Region: 'us-east-1' })
  const plan = planGroup(desire([alias('us-east-1')]), observe([alias('us-east-1')], 'default', [other]))
  expect(plan.kind).toBe('nothing')
})

test('a mark that outlived its group is replaced when the group returns', () => {
  const plan = planGroup(desire([cname('us-east-1')]), { ...observe(threeRegions), records: [] })
  expect(batch(plan)).toEqual(['DELETE TXT owner', 'CREATE CNAME us-east-1', 'CREATE TXT owner'])
})
