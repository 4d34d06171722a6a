import { planGroup } from '@meridian/dns'
import { summaryFaults } from '@meridian/runner/testing'
import { expect, test } from 'vitest'
import { describePlan, planOutput, recordsOutput } from '../src/plan-output.ts'
import { drawRoutes, renderOut, renderPages, renderPlan, renderVerification } from '../src/summary.ts'
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
    () => 'Virginia',
  )
  expect(markdown).toMatch(/^### 📝 app\.example\.com\n\nPlanned change for example\.com of acme\/shop\.\n/)
  expect(markdown).toContain(
    '| 🟢 create | <code>us-east-1</code> | Virginia | <code>CNAME 60 s latency us-east-1 → a.example.net</code> |',
  )
  expect(summaryFaults(markdown)).toEqual([])
})

test('a record that is too long for the page is broken after an arrow', () => {
  const target = `${'a'.repeat(64)}.us-east-1.elb.amazonaws.com`
  const markdown = renderPlan({ fqdn, who: 'acme', mode: 'apply', dryRun: false }, wish(target))
  expect(markdown).toContain(`<code>CNAME 60 s latency us-east-1 →</code><br><code>${target}</code> |`)
  const longest = Math.max(...[...markdown.matchAll(/<code>([^<]*)/g)].map(([, text = '']) => text.length))
  expect(longest).toBeLessThanOrEqual(target.length)
})

test('a record that is replaced shows what it was above what it will be', () => {
  const plan = wish('b.example.net')
  const [row, ...more] = plan.rows
  const before = wish('a.example.net').rows[0]?.after
  const replaced = { ...plan, rows: [{ ...row, action: 'replace', before }, ...more] } as typeof plan
  const markdown = renderPlan({ fqdn, who: 'acme', mode: 'apply', dryRun: false }, replaced)
  expect(markdown).toMatch(/^### 🟡 app\.example\.com\n\nChange for acme\.\n/)
  expect(markdown).toContain('→ a.example.net</code><br>→ <code>CNAME')
})

test.each([
  ['no region is out', [], ''],
  [
    'a region is out',
    ['eu-west-1'],
    '\n#### ⚠️ 1 region taken out\n\nNobody is led to <code>eu-west-1</code> Dublin, until it is brought back.\n',
  ],
])('where %s, it is said', (_, out, expected) => {
  expect(renderOut(() => 'Dublin', out)).toBe(expected)
})

test.each([
  [true, '\n#### ✅ 1 of 1 regions serve the page\n', '| <code>us-east-1</code> | 200 | 12 ms |'],
  [false, '\n#### ⚠️ 0 of 1 regions serve the page\n', '| <code>us-east-1</code> | ⚠️ no answer | 12 ms |'],
])('pages that are served: %s', (ok, start, row) => {
  const page = {
    region: 'us-east-1',
    url: 'http://a/',
    status: 200,
    milliseconds: 12,
    hostname: 'b',
    problem: 'no answer',
  }
  const text = renderPages([{ ...page, ok } as never])
  expect(text.startsWith(start)).toBe(true)
  expect(text).toContain(row)
  expect(summaryFaults(`### ✅ a\n${text}`)).toEqual([])
})

test.each([
  ['one URL stands there once', 'http://www.example.com/a-long-path/', 1, '| Region | Status | Time |\n'],
  ['URLs that differ have a column', 'https://www.example.com/a-long-path/', 2, '| Time | Page |'],
])('of pages of several regions %s', (_, second, urls, header) => {
  const page = { region: 'us-east-1', url: 'http://www.example.com/a-long-path/', ok: true, status: 200 }
  const pages = [page, { ...page, region: 'eu-west-1', url: second }]
  const text = renderPages(pages.map(one => ({ ...one, milliseconds: 1 })) as never)
  expect(text).toContain(header)
  expect(text.match(/a-long-path/g)).toHaveLength(urls)
  expect(summaryFaults(`### ✅ a\n${text}`)).toEqual([])
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
