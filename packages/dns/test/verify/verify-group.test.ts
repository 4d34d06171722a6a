import { regions } from '@meridian/aws'
import { testJob } from '@meridian/runner/testing'
import { expect, test } from 'vitest'
import { planGroup } from '../../src/plan/plan-group.ts'
import { buildRecords } from '../../src/records/build-records.ts'
import type { LatencyRecord } from '../../src/records/latency-record.ts'
import type { Answer } from '../../src/verify/ask-answer.ts'
import { type AskedFrom, compareAnswers } from '../../src/verify/compare-answers.ts'
import type { NameServer } from '../../src/verify/parse-name-server.ts'
import { trustAnswers } from '../../src/verify/trust-answers.ts'
import { worldVantagePoints } from '../../src/verify/vantage-points.ts'
import { verifyGroup } from '../../src/verify/verify-group.ts'
import { applyGroup } from '../../src/zone/apply-group.ts'
import { readGroup } from '../../src/zone/read-group.ts'
import { alias, cname, desire, fqdn, threeRegions } from '../groups.ts'
import { type LabRoute53, openRoute53 } from '../lab-route53.ts'
import { serveDns } from '../serve-dns.ts'

async function verify(
  lab: LabRoute53,
  records: readonly LatencyRecord[],
  from: readonly AskedFrom[] = worldVantagePoints,
  nameServers: readonly NameServer[] = [],
) {
  const plan = planGroup(desire(records), await readGroup(lab.client, lab.zone, fqdn))
  await applyGroup(testJob(), lab.client, lab.zone, plan, async () => plan)
  return verifyGroup(
    testJob().signal,
    lab.client,
    { zoneId: lab.zone.id, fqdn, nameServers, pause: 0 },
    records,
    from,
    regions,
  )
}

test('every city of the world is answered with its nearest CNAME', async () => {
  await using lab = await openRoute53()
  const { cities } = await verify(lab, threeRegions)
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
  const { cities } = await verify(lab, records)
  expect(cities.filter(city => !city.ok)).toEqual([])
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
  const cities = compareAnswers(
    from,
    { api: answers, servers: [] },
    [alias('us-east-1'), alias('eu-west-1')],
    regions,
  )
  expect(cities.map(city => city.ok)).toEqual([true, true, false])
})

test('an answer that is not in the group is told', () => {
  const from = [{ city: 'A', subnet: '192.0.2.0/24', expected: 'us-east-1' }]
  const [city] = compareAnswers(
    from,
    { api: new Map([['192.0.2.0/24', { records: ['stale.example.net'] }]]), servers: [] },
    [cname('us-east-1')],
    regions,
  )
  expect(city).toMatchObject({ ok: false, problem: expect.stringContaining('stale.example.net') })
})

const subnet = '192.0.2.0/24'
const from = [{ city: 'A', subnet, expected: 'us-east-1' }]
const say = (target: string) => new Map([[subnet, { records: [target] }]])
const right = say(cname('us-east-1').target)
const wrong = say(cname('eu-west-1').target)

test('what the name servers agree on is proven by them, whatever the API says', () => {
  const servers = ['ns-1', 'ns-2'].map(server => ({ server, answers: right }))
  expect(compareAnswers(from, { api: wrong, servers }, threeRegions, regions)).toMatchObject([
    { ok: true, region: 'us-east-1', provenBy: '2 name servers' },
  ])
})

test('one name server that answers otherwise makes the city differ, and is named', () => {
  const servers = [
    { server: 'ns-1', answers: right },
    { server: 'ns-2', answers: wrong },
  ]
  const [city] = compareAnswers(from, { servers }, threeRegions, regions)
  expect(city).toMatchObject({ ok: false })
  expect(city?.problem).toContain('ns-1 us-east-1, ns-2 eu-west-1')
})

test('an answer that a name server lost and a server out of reach count for nothing: the API is heard', () => {
  const servers = [
    { server: 'ns-1', answers: new Map() },
    { server: 'ns-2', unreachable: 'ECONNREFUSED' },
  ]
  const [city] = compareAnswers(from, { api: right, servers }, threeRegions, regions)
  expect(city).toMatchObject({ ok: true, provenBy: 'TestDNSAnswer' })
})

/** A name server of the group that answers for a client subnet with a scope; without the option where it has none. */
const serveScope = (scope?: number) =>
  serveDns(query => {
    const [edns] = query.additionals ?? []
    const asked = edns?.type === 'OPT' ? edns.options.find(option => 'ip' in option) : undefined
    const echo = asked && scope !== undefined ? [{ ...asked, data: undefined, scopePrefixLength: scope }] : []
    const { target } = cname('us-east-1')
    return {
      answers: [{ type: 'CNAME', name: fqdn, ttl: 60, data: target }],
      additionals: edns?.type === 'OPT' ? [{ ...edns, options: echo }] : [],
    }
  })

test.each([
  [24, '1 name server'],
  [16, '1 name server'],
  [0, 'TestDNSAnswer'],
  [undefined, 'TestDNSAnswer'],
])('an answer with the scope %s is proven by %s', async (scope, provenBy) => {
  await using dns = await serveScope(scope)
  await using lab = await openRoute53()
  const from = [{ city: 'New York', subnet: '128.59.1.0/24', expected: 'us-east-1' }]
  const { cities, distrusted } = await verify(lab, threeRegions, from, [dns.server])
  expect(cities).toMatchObject([{ ok: true, provenBy }])
  expect(distrusted).toHaveLength(provenBy === 'TestDNSAnswer' ? 1 : 0)
  expect(lab.reads().filter(one => one === 'TestDNSAnswer')).toHaveLength(distrusted.length)
})

test('an answer whose scope takes in another city, which is answered otherwise, proves nothing', () => {
  const said = (target: string, scope: number) => ({ records: [target], scope })
  const answers = new Map<string, Answer>([
    ['198.51.100.0/24', said('a', 16)],
    ['198.51.99.0/24', said('b', 24)],
    ['203.0.113.0/24', said('b', 20)],
    ['192.0.2.0/24', { records: ['a'] }],
  ])
  const { servers, distrusted } = trustAnswers([{ server: 'ns', answers }], 2)
  expect(servers.flatMap(one => ('answers' in one ? [...one.answers.keys()] : []))).toEqual([
    '198.51.99.0/24',
    '203.0.113.0/24',
  ])
  expect(distrusted).toEqual(['ns'])
  expect(trustAnswers([{ server: 'ns', answers }], 1).distrusted).toEqual([])
})

const denied = Object.assign(new Error('not authorized to perform: route53:TestDNSAnswer'), {
  name: 'AccessDenied',
})
const deniedClient = { send: () => Promise.reject(denied) }

test('where the name servers answer, the API is not asked', async () => {
  await using dns = await serveScope(24)
  const where = { zoneId: 'Z1', fqdn, nameServers: [dns.server, { host: '127.0.0.1', port: 1 }] }
  const result = await verifyGroup(testJob().signal, deniedClient, where, threeRegions, from, regions)
  expect(result).toMatchObject({
    cities: [
      { ok: true, region: 'us-east-1', answer: [cname('us-east-1').target], provenBy: '1 name server' },
    ],
    servers: [`127.0.0.1:${dns.server.port}`],
    unreachable: [expect.stringContaining('127.0.0.1:1 (')],
  })
  expect(result).not.toHaveProperty('notAllowed')
})

test('where nobody may or can be asked, that is said of every city', async () => {
  const where = { zoneId: 'Z1', fqdn, nameServers: [] }
  const result = await verifyGroup(testJob().signal, deniedClient, where, threeRegions, from, regions)
  expect(result).toMatchObject({
    cities: [{ ok: false, problem: 'did not get an answer' }],
    servers: [],
    notAllowed: denied.message,
  })
})
