import { planGroup } from '@meridian/dns'
import { expect, test } from 'vitest'
import { describePlan, planOutput, recordsOutput } from '../src/plan-output.ts'
import { drawRoutes, renderPlan, renderVerification } from '../src/summary.ts'
import { judge } from '../src/verify.ts'

const fqdn = 'app.example.com'
const wish = (target: string) =>
  planGroup(
    {
      fqdn,
      identity: { domain: 'example.com', repository: { id: '1', name: 'acme/shop' } },
      records: [{ kind: 'cname', region: 'us-east-1', target, ttl: 60 }],
      adopt: false,
      maxDeletes: 1,
      minRegions: 1,
    },
    { fqdn, records: [], ownerRecords: [] },
  )
const city = (name: string, region: string, expected: string) => ({
  city: name,
  subnet: '192.0.2.0/24',
  region,
  expected,
  target: `${region}.example.net`,
  answer: [`${region}.example.net`],
  ok: region === expected,
})

test('a plan is a table of what is there and what will be', () => {
  const markdown = renderPlan(
    { fqdn, who: 'example.com of acme/shop', mode: 'plan', dryRun: false },
    wish('a.example.net'),
  )
  expect(markdown).toContain('### app.example.com: planned change for example.com of acme/shop')
  expect(markdown).toContain(
    '| 🟢 create | <code>us-east-1</code> |  | <code>CNAME 60 s latency us-east-1 → a.example.net</code> |',
  )
})

test('a plan is lines of a log', () => {
  expect(describePlan(wish('a.example.net'))[0]).toBe('+ CNAME 60 s latency us-east-1 → a.example.net')
})

test('a plan is an output without secrets of the wire', () => {
  expect(planOutput(wish('a.example.net'))).toMatchObject({
    kind: 'change',
    rows: [{ action: 'create', record: 'latency', subject: 'us-east-1' }, { record: 'owner' }],
  })
})

test('records are told by what they lead to', () => {
  expect(recordsOutput(wish('a.example.net'), 'after')[0]).toEqual({
    name: fqdn,
    type: 'CNAME',
    region: 'us-east-1',
    ttl: 60,
    alias: false,
    target: 'a.example.net',
  })
})

test('the picture leads from the name over regions to cities', () => {
  const picture = drawRoutes(fqdn, [
    city('Tokyo', 'ap-northeast-1', 'ap-northeast-1'),
    city('A"]; b', 'eu-west-1', 'eu-west-1'),
    city('Seoul', 'eu-west-1', 'ap-northeast-1'),
    city('Paris', 'eu-west-1', 'eu-west-1'),
  ])
  expect(picture.split('\n')).toEqual([
    '```mermaid',
    'flowchart LR',
    '  name(["app.example.com"])',
    '  name --> r0["ap-northeast-1"]',
    '  r0 --> c0["Tokyo"]',
    '  name --> r1["eu-west-1"]',
    '  r1 --> c1["A    b, Paris"]',
    '  r1 -. not as expected .-> x1["Seoul"]',
    '```',
    '',
  ])
})

test('the table counts the cities that are answered as expected', () => {
  const cities = [city('Tokyo', 'ap-northeast-1', 'ap-northeast-1'), city('Paris', 'us-east-1', 'eu-west-1')]
  expect(renderVerification(fqdn, { cities, servers: [], unreachable: [], distrusted: [] }, [])).toContain(
    '1 of 2 cities',
  )
})

test.each([
  [
    'a city with another region',
    [
      city('A', 'us-east-1', 'us-east-1'),
      city('B', 'us-east-1', 'eu-west-1'),
      city('C', 'eu-west-1', 'eu-west-1'),
    ],
    /1 of 3 cities.*B got us-east-1, not eu-west-1/,
  ],
  [
    'a region that nobody got',
    [city('A', 'us-east-1', 'us-east-1'), city('B', 'us-east-1', 'eu-west-1')],
    /No city was answered with eu-west-1/,
  ],
])('%s is a problem', (_, cities, message) => {
  expect(judge(cities)).toMatch(message)
})

test('cities that all got their nearest region are no problem', () => {
  expect(judge([city('A', 'us-east-1', 'us-east-1')])).toBeUndefined()
})
