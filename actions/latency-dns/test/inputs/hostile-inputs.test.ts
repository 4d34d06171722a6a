import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Lab, openLab } from '../in-process.ts'

const one = 'us-east-1: a.example.net'
let lab: Lab

beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab[Symbol.asyncDispose]())

const many = (count: number) => Array.from({ length: count }, (_, at) => `r${at}`)
const names: [what: string, name: string, reason: RegExp][] = [
  ['a label of 64', 'a'.repeat(64), /1 to 63 characters/],
  ['a name over 255', 'abcdefg.'.repeat(32).slice(0, -1), /1 to 253 characters/],
  ['a wildcard', '*', /wildcard/],
  ['a wildcard as Route 53 lists it', '\\052', /wildcard/],
  ['an underscore', '_app', /has the label '_app'/],
  ['emoji', '🦊', /emoji/],
  ['a line end', 'app\nevil', /has the label 'app\\nevil'/],
  ['a NUL', 'app\u0000', /has the label 'app\\u0000'/],
  ['an escaped dot', 'a\\056b', /must not contain \\056/],
  ['a flag', '--help', /has the label '--help'/],
  ['a prototype key', '__proto__', /has the label '__proto__'/],
  ['an empty label', 'a..b', /has the label ''/],
  ['a right-to-left override', 'a\u202eb', /characters that no internationalised name/],
]
const lists: [what: string, endpoints: string, reason: RegExp][] = [
  ['an empty list', '[]', /at least one endpoint/],
  ['an empty map', '{}', /at least one endpoint/],
  ['nothing', 'null', /must be a list .* or a map/],
  ['a prototype key', '{"__proto__": "a.example.net"}', /'__proto__', which is no AWS region/],
  ['a key of every object', 'constructor: a.example.net', /'constructor', which is no AWS region/],
  [
    '10 000 endpoints',
    many(10_000)
      .map(key => `${key}: a.b`)
      .join('\n'),
    /at most 64 KiB/,
  ],
  [
    '1 000 endpoints',
    many(1_000)
      .map(key => `${key}: a.b`)
      .join('\n'),
    /names 1000 endpoints/,
  ],
  ['a region twice', `${one}\nus-east-1: b.example.net`, /unique/],
  ['a region twice in another case', `${one}\nUS-EAST-1: b.example.net`, /two endpoints in us-east-1/],
  [
    'an alias bomb',
    `a: &a [x, x]\n${many(30)
      .map(key => `${key}: [*a, *a]`)
      .join('\n')}`,
    /alias/i,
  ],
  ['a deep nest', '['.repeat(9_000), /nested too deeply|must be/],
  ['an object as host name', 'us-east-1: {toString: a}', /us-east-1: must be a host name/],
  ['an address', 'us-east-1: 192.0.2.1', /must be a full host name/],
  ...names.map(([what, name, reason]): [string, string, RegExp] => [
    `${what} as target`,
    JSON.stringify({ 'us-east-1': `${name}.example.net` }),
    reason,
  ]),
]

async function refuse(inputs: Record<string, string>, reason: RegExp): Promise<void> {
  const before = lab.requests().length
  await expect(lab.run(inputs)).rejects.toThrow(reason)
  expect(lab.requests().length).toBe(before)
}

describe('before any request is made, a record is refused that is', () => {
  test.each(names)('%s', (_, name, reason) => refuse({ record: name, endpoints: one }, reason))
})

describe('before any request is made, a domain is refused that has', () => {
  test.each(names)('%s', (_, name, reason) =>
    refuse({ record: 'app', domain: `${name}.example.com`, endpoints: one }, reason),
  )
})

describe('before any request is made, endpoints are refused that are', () => {
  test.each(lists)('%s', (_, endpoints, reason) => refuse({ record: 'app', endpoints }, reason))
})

test.each([
  ['environment', 'PR 42', /environment/],
  ['owner', 'a,owner=b', /owner/],
  ['zone-id', 'Z1/../../2013-04-01', /zone-id/],
  ['name-servers', '8.8.8.8;rm', /name-servers/],
  ['vantage-points', '[{city: A, subnet: 192.0.2.0/33, expected: us-east-1}]', /subnet/],
  ['min-regions', '-1', /min-regions/],
])('%s: %j is refused before any request is made', (input, value, reason) =>
  refuse({ record: 'app', endpoints: one, [input]: value }, reason),
)
