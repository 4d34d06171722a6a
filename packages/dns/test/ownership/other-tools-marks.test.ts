import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import { describe, expect, test } from 'vitest'
import { nameOfMark, readAlienMark } from '../../src/ownership/other-tools-marks.ts'

const heritage = '"heritage=external-dns,external-dns/owner=me,external-dns/resource=crd/default/usa"'
const text = (name: string, value: string): ResourceRecordSet => ({
  Name: `${name}.`,
  Type: 'TXT',
  TTL: 60,
  ResourceRecords: [{ Value: value }],
})
const standing = new Set(['www.x.org', 'x.org', 'hugo-fed.x.org', 'fed.x.org', 'www.a.x.org', '*.x.org'])
const spokenFor = (set: ResourceRecordSet) => {
  const mark = readAlienMark(set)
  return mark && nameOfMark(mark, standing)
}

describe('of external-dns, the name is told from that of its text', () => {
  test.each([
    ['cname-www.x.org', 'www.x.org'],
    ['a-www.x.org', 'www.x.org'],
    ['aaaa-www.x.org', 'www.x.org'],
    ['www.x.org', 'www.x.org'],
    ['CNAME-www.x.org', 'www.x.org'],
    ['team-cname-www.x.org', 'www.x.org'],
    ['team.cname-www.x.org', 'www.x.org'],
    ['cname.www.x.org', 'www.x.org'],
    ['cname-hugo-fed.x.org', 'hugo-fed.x.org'],
    ['cname-fed.x.org', 'fed.x.org'],
    ['cname-www.a.x.org', 'www.a.x.org'],
    ['cname-other.x.org', undefined],
    ['cname-wwww.x.org', undefined],
  ])('%s', (name, expected) => expect(spokenFor(text(name, heritage))).toBe(expected))
})

describe('of octoDNS', () => {
  test.each([
    ['_owner.cname.www.x.org', '"*octodns*"', 'www.x.org'],
    ['_owner.CNAME.www.x.org', '"*octodns*"', 'www.x.org'],
    ['_owner.a.x.org', '"*octodns*"', 'x.org'],
    ['_owner.a._wildcard.x.org', '"*octodns*"', '*.x.org'],
    ['_owner.mx.www.x.org', '"*octodns*"', undefined],
    ['_octodns-default-pool.www.x.org', '"x"', 'www.x.org'],
  ])('%s', (name, value, expected) => expect(spokenFor(text(name, value))).toBe(expected))

  test('a pool is no text', () => {
    expect(spokenFor({ ...text('_octodns-usa-value.www.x.org', ''), Type: 'CNAME' })).toBe('www.x.org')
  })
})

test('each says who looks after the name', () => {
  const by = (value: string) => readAlienMark(text('cname-www.x.org', value))?.reading
  expect(by(heritage)).toEqual({ kind: 'alien', by: 'external-dns (its owner me)' })
  expect(by('"heritage=external-dns"')).toEqual({ kind: 'alien', by: 'external-dns' })
  expect(by('"*octodns*"')).toEqual({ kind: 'alien', by: 'octoDNS' })
})

test.each([
  '"v=spf1 -all"',
  '"heritage=meridian,owner=default"',
  '"heritage=external-dnsx"',
  '"x *octodns*"',
])('the text %s is none of theirs', value =>
  expect(readAlienMark(text('cname-www.x.org', value))).toBeUndefined(),
)
