import { regions } from '@meridian/aws'
import { expect, test } from 'vitest'
import { buildRecords, checkEndpoints, type RecordOptions } from '../../src/records/build-records.ts'

const options: RecordOptions = { type: 'auto', ttl: 60, evaluateTargetHealth: true, apex: false }
const classic = { region: 'us-east-1', hostname: 'a-1.us-east-1.elb.amazonaws.com' }
const network = { region: 'eu-west-1', hostname: 'a-1.elb.eu-west-1.amazonaws.com' }
const other = { region: 'eu-west-1', hostname: 'eu.example.com' }
const gov = { region: 'us-gov-west-1', hostname: 'a-1.us-gov-west-1.elb.amazonaws.com' }
const china = { region: 'cn-north-1', hostname: 'a-1.cn-north-1.elb.amazonaws.com.cn' }

test('load balancers get aliases to the zone of their kind and region', () => {
  expect(buildRecords([classic, network], options, regions)).toMatchObject([
    { kind: 'alias', targetZoneId: 'Z35SXDOTRQ7X7K' },
    { kind: 'alias', targetZoneId: 'Z2IFOLAFXWLO4F' },
  ])
})

test.each([
  ['another host', other],
  ['a load balancer in GovCloud', gov],
  ['a load balancer in China', china],
])('%s makes all of the group CNAMEs', (_, endpoint) => {
  const kinds = buildRecords([classic, endpoint], options, regions).map(record => record.kind)
  expect(kinds).toEqual(['cname', 'cname'])
})

test('type alias refuses a host that can have none', () => {
  expect(() => buildRecords([other], { ...options, type: 'alias' }, regions)).toThrow('eu.example.com')
})

test.each(['auto', 'cname'] as const)('type %s refuses a CNAME at the top of the zone', type => {
  expect(() => buildRecords([other], { ...options, type, apex: true }, regions)).toThrow(
    /top of a hosted zone/,
  )
})

test('an alias may stand at the top of the zone', () => {
  expect(buildRecords([classic], { ...options, apex: true }, regions)[0]?.kind).toBe('alias')
})

test.each([
  ['an empty list', [], /at least one endpoint/],
  ['two in one region', [classic, { ...classic, hostname: 'b.example.com' }], /two endpoints in us-east-1/],
  [
    'a region that is none',
    [{ region: '__proto__', hostname: 'b.example.com' }],
    /'__proto__', which is no AWS region/,
  ],
  [
    'a load balancer of China under another region',
    [{ ...china, region: 'eu-west-1' }],
    /its name says cn-north-1/,
  ],
  [
    'a network load balancer of another region',
    [{ ...network, region: 'us-east-1' }],
    /its name says eu-west-1/,
  ],
  ['more endpoints than regions', Array.from({ length: 99 }, () => classic), /names 99 endpoints/],
  ['a load balancer of another region', [{ ...classic, region: 'eu-west-1' }], /its name says us-east-1/],
])('%s is refused', (_, endpoints, message) => {
  expect(checkEndpoints(endpoints, Object.keys(regions)).join()).toMatch(message)
})

test('a sound list has no problems', () => {
  expect(checkEndpoints([classic, network], Object.keys(regions))).toEqual([])
})
