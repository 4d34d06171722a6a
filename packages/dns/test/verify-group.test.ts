import { regions } from '@meridian/aws'
import { testJob } from '@meridian/runner/testing'
import { expect, test } from 'vitest'
import { applyGroup } from '../src/apply-group.ts'
import { buildRecords } from '../src/build-records.ts'
import type { LatencyRecord } from '../src/latency-record.ts'
import { planGroup } from '../src/plan-group.ts'
import { readGroup } from '../src/read-group.ts'
import { worldVantagePoints } from '../src/vantage-points.ts'
import { type AskedFrom, compareAnswers, verifyGroup } from '../src/verify-group.ts'
import { alias, cname, desire, fqdn, threeRegions } from './groups.ts'
import { type LabRoute53, openRoute53 } from './lab-route53.ts'

async function verify(
  lab: LabRoute53,
  records: readonly LatencyRecord[],
  from: readonly AskedFrom[] = worldVantagePoints,
) {
  const plan = planGroup(desire(records), await readGroup(lab.client, lab.zone, fqdn))
  await applyGroup(testJob(), lab.client, lab.zone, plan, async () => plan)
  return verifyGroup(testJob(), lab.client, { zoneId: lab.zone.id, fqdn }, records, from, regions)
}

test('every city of the world is answered with its nearest CNAME', async () => {
  await using lab = await openRoute53()
  const result = await verify(lab, threeRegions)
  const cities = result.kind === 'asked' ? result.cities : []
  expect(cities.filter(city => !city.ok)).toEqual([])
  expect(Object.fromEntries(cities.map(city => [city.city, city.region]))).toMatchObject({
    'New York': 'us-east-1',
    Dublin: 'eu-west-1',
    Tokyo: 'ap-northeast-1',
  })
})

test('aliases are told apart by the addresses that cities share', async () => {
  await using lab = await openRoute53()
  const balancers = ['us-east-1', 'eu-west-1', 'ap-northeast-1'].map(region => ({
    region,
    ...lab.addBalancer({ region, name: `a${region}`, type: 'classic', tags: {}, listeners: [] }),
  }))
  await Promise.all(balancers.map(balancer => balancer.ready))
  const options = { type: 'auto', ttl: 60, evaluateTargetHealth: true, apex: false } as const
  const records = buildRecords(balancers, options, regions)
  const result = await verify(lab, records)
  expect(result.kind === 'asked' && result.cities.every(city => city.ok)).toBe(true)
})

test('a city with another expectation is told', async () => {
  await using lab = await openRoute53()
  const from = [{ city: 'Osaka', subnet: '133.11.1.0/24', expected: 'us-east-1' }]
  expect(await verify(lab, threeRegions, from)).toMatchObject({
    cities: [{ region: 'ap-northeast-1', expected: 'us-east-1', ok: false }],
  })
})

test('an alias that a single city is wrongly sent to is told by the cities next to the regions', async () => {
  await using lab = await openRoute53()
  const hostnames = await Promise.all(
    ['us-east-1', 'ap-northeast-1'].map(async region => {
      const balancer = lab.addBalancer({
        region,
        name: `b${region}`,
        type: 'classic',
        tags: {},
        listeners: [],
      })
      await balancer.ready
      return { region, hostname: balancer.hostname }
    }),
  )
  const options = { type: 'alias', ttl: 60, evaluateTargetHealth: true, apex: false } as const
  const from = [{ city: 'Tokyo', subnet: '133.11.1.0/24', expected: 'us-east-1' }]
  const result = await verify(lab, buildRecords(hostnames, options, regions), from)
  expect(result).toMatchObject({ cities: [{ region: 'ap-northeast-1', ok: false }] })
})

test('one alias that serves everybody shows in the cities that expect another', () => {
  const from = [
    { city: 'A', subnet: '192.0.2.0/26', expected: 'us-east-1' },
    { city: 'B', subnet: '192.0.2.64/26', expected: 'us-east-1' },
    { city: 'C', subnet: '192.0.2.128/26', expected: 'eu-west-1' },
  ]
  const same = { records: ['198.51.100.1', '198.51.100.2'] }
  const answers = new Map(from.map(({ subnet }) => [subnet, same]))
  const cities = compareAnswers(from, answers, [alias('us-east-1'), alias('eu-west-1')], regions)
  expect(cities.map(city => city.ok)).toEqual([true, true, false])
})

test('an answer that is not in the group is told', () => {
  const from = [{ city: 'A', subnet: '192.0.2.0/24', expected: 'us-east-1' }]
  const [city] = compareAnswers(
    from,
    new Map([['192.0.2.0/24', { records: ['stale.example.net'] }]]),
    [cname('us-east-1')],
    regions,
  )
  expect(city).toMatchObject({ ok: false, problem: expect.stringContaining('stale.example.net') })
})

test('a refused permission is one answer for all cities', async () => {
  const denied = Object.assign(new Error('not authorized to perform: route53:TestDNSAnswer'), {
    name: 'AccessDenied',
  })
  const client = { send: () => Promise.reject(denied) }
  const result = await verifyGroup(
    testJob(),
    client,
    { zoneId: 'Z1', fqdn },
    threeRegions,
    worldVantagePoints,
    regions,
  )
  expect(result).toEqual({ kind: 'not-allowed', reason: denied.message })
})
