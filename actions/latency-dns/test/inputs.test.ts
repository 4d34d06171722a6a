import { ownerOf } from '@meridian/identity'
import { describe, expect, test } from 'vitest'
import { endpoints } from '../src/inputs/parse-endpoints.ts'
import { vantagePoints } from '../src/inputs/parse-vantage-points.ts'
import { readInputs } from '../src/inputs.ts'

const defaults = {
  INPUT_DOMAIN: 'k8s.example.com',
  INPUT_RECORD: 'hugo-fed',
  INPUT_ENDPOINTS: 'us-east-1: a.example.net',
  INPUT_TYPE: 'auto',
  INPUT_TTL: '60',
  'INPUT_EVALUATE-TARGET-HEALTH': 'true',
  INPUT_MODE: 'apply',
  INPUT_ADOPT: 'false',
  'INPUT_MIN-REGIONS': '1',
  'INPUT_MAX-DELETES': '1',
  INPUT_PROTECT: 'false',
  INPUT_WAIT: 'true',
  'INPUT_WAIT-TIMEOUT': '5m',
  INPUT_VERIFY: 'true',
  INPUT_PAGE: 'true',
  'INPUT_DRY-RUN': 'false',
  INPUT_TIMEOUT: '15m',
}

describe('the name', () => {
  test.each([
    [{}, 'hugo-fed.k8s.example.com'],
    [{ INPUT_ENVIRONMENT: 'pr-42' }, 'hugo-fed.pr-42.k8s.example.com'],
    [{ INPUT_RECORD: '@' }, 'k8s.example.com'],
    [{ INPUT_RECORD: '@', INPUT_ENVIRONMENT: 'pr-42' }, 'pr-42.k8s.example.com'],
    [{ INPUT_RECORD: 'Bücher' }, 'xn--bcher-kva.k8s.example.com'],
  ])('%j makes %s', (given, fqdn) => {
    expect(readInputs({ ...defaults, ...given }).fqdn).toBe(fqdn)
  })

  test.each([
    ['hugo-fed.k8s.example.com', 'hugo-fed'],
    ['Hugo-Fed.k8s.example.com', 'hugo-fed'],
    ['k8s.example.com', '@'],
  ])('is refused with the domain in it: %s', (record, without) =>
    expect(() => readInputs({ ...defaults, INPUT_RECORD: record })).toThrow(
      `must be without the domain: '${without}'`,
    ),
  )

  test('is refused with a final dot', () =>
    expect(() => readInputs({ ...defaults, INPUT_RECORD: 'hugo-fed.' })).toThrow(
      "must be without the final dot: 'hugo-fed'",
    ))

  test('is refused where its owner mark would be too long', () => {
    const record = Array.from({ length: 4 }, () => 'a'.repeat(57)).join('.')
    expect(() => readInputs({ ...defaults, INPUT_RECORD: record })).toThrow(/too long with its owner mark/)
  })
})

test('the owner is the environment, or default, or what is given', () => {
  const owner = (given: Record<string, string>) => ownerOf(readInputs({ ...defaults, ...given }))
  expect([owner({}), owner({ INPUT_ENVIRONMENT: 'pr-1' }), owner({ INPUT_OWNER: 'team-a' })]).toEqual([
    'default',
    'pr-1',
    'team-a',
  ])
})

test('regions are for mode destroy', () => {
  const given = { ...defaults, INPUT_REGIONS: 'us-east-1, eu-west-1' }
  expect(readInputs({ ...given, INPUT_MODE: 'destroy' }).regions).toEqual(['us-east-1', 'eu-west-1'])
  expect(() => readInputs(given)).toThrow(/for the modes destroy, take-out and bring-back/)
  expect(() => readInputs({ ...defaults, INPUT_REGIONS: 'usa', INPUT_MODE: 'destroy' })).toThrow(/a region/)
})

test('endpoints may be a list or a map, in any case and with final dots', () => {
  const wanted = [{ region: 'us-east-1', hostname: 'a.example.net' }]
  expect(
    endpoints('[{"cluster":"usa","region":"us-east-1","hostname":"A.Example.net.","ports":[5432]}]'),
  ).toEqual(wanted)
  expect(endpoints('US-EAST-1: a.example.net')).toEqual(wanted)
})

test.each([
  'plain',
  '{us-east-1: [a]}',
  '[{region: us-east-1}]',
  'us-east-1: a.b\nus-east-1: c.d',
  '{us-east-1: "a\\nb.c"}',
])('%j are no endpoints', raw => {
  expect(() => endpoints(raw)).toThrow()
})

test('a vantage point without mask is asked for with that of its protocol', () => {
  const points = vantagePoints(
    '[{city: A, subnet: 192.0.2.0, expected: us-east-1}, {city: B, subnet: "2001:db8::", expected: us-east-1}, {city: C, subnet: 203.0.113.77/20, expected: us-east-1}, {city: D, subnet: 1.2.3.4/0, expected: us-east-1}]',
  )
  expect(points.map(({ subnet }) => subnet)).toEqual([
    ...['192.0.2.0/24', '2001:db8::/64', '203.0.112.0/20', '0.0.0.0/0'],
  ])
})

test('a vantage point must expect a region of the endpoints', () => {
  const given = { 'INPUT_VANTAGE-POINTS': '[{city: A, subnet: 192.0.2.0/24, expected: eu-west-1}]' }
  expect(() => readInputs({ ...defaults, ...given })).toThrow(/expects 'eu-west-1' in A/)
})
