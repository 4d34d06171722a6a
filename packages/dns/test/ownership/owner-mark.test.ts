import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import { type Identity, judgeClaim, makeMark } from '@meridian/identity'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ownerRecordSet, readOwnerMark } from '../../src/ownership/owner-mark.ts'
import { toRecordSet } from '../../src/records/latency-record.ts'
import { fqdn, run, runOf, threeRegions } from '../groups.ts'
import { ownerRecordSet01, readOwnerMark01 } from '../version-0.1.ts'

const name = `_meridian.${fqdn}`
const group = threeRegions.map(record => toRecordSet(fqdn, record))
const whole: Identity = { ...runOf('pr-42'), account: '111122223333' }
const mark = makeMark(whole, { expiresAt: new Date('2026-12-24T10:00:00.5Z'), pullRequest: 42 })
const firstValue = (set: ResourceRecordSet) => set.ResourceRecords?.[0]?.Value ?? ''
const text = (value: string): ResourceRecordSet => ({
  Name: `${name}.`,
  Type: 'TXT',
  TTL: 300,
  ResourceRecords: [{ Value: value }],
})
const kindOf = (sets: readonly ResourceRecordSet[], identity: Identity) =>
  judgeClaim(fqdn, readOwnerMark(sets).reading, identity).kind

test('a mark is one text of everything that it says', () => {
  expect(firstValue(ownerRecordSet(name, mark, group, { protect: true }))).toBe(
    '"heritage=meridian,owner=pr-42,group=0ca16a31866e,protect=true,schema=2,domain=k8s.example.com,repository=acme/shop,repository-id=1001,account=111122223333,expires=2026-12-24T10:00:00Z,pull-request=42"',
  )
})

describe('what one release has written, the other reads', () => {
  test.each([
    [false, 'pr-42'],
    [true, 'default'],
  ])('0.1 reads this one’s: protect %s, owner %s', (protect, owner) => {
    const { group: digest } = readOwnerMark01(ownerRecordSet01(name, owner, group)) ?? {}
    expect(readOwnerMark01(ownerRecordSet(name, makeMark(runOf(owner)), group, { protect }))).toEqual({
      owner,
      protect,
      group: digest,
    })
  })

  test.each([
    [false, 'pr-42'],
    [true, 'default'],
  ])('this one reads 0.1’s: protect %s, owner %s', (protect, owner) => {
    expect(readOwnerMark([ownerRecordSet01(name, owner, group, protect)])).toEqual({
      reading: { kind: 'marked', mark: { schema: 1, owner } },
      group: '0ca16a31866e',
      protect,
      out: [],
    })
  })

  test('0.1 takes a mark that is too long for one string for none that it can read, and leaves it alone', () => {
    const long = makeMark({ ...whole, domain: `${'a'.repeat(60)}.${'b'.repeat(60)}.example.com` }, {})
    const set = ownerRecordSet(name, long, group)
    expect(firstValue(set)).toMatch(/^"[^"]{255}" "[^"]+"$/)
    expect(readOwnerMark01(set)).toBeUndefined()
    expect(readOwnerMark([set]).reading).toEqual({ kind: 'marked', mark: long })
  })

  test('a later release may say more', () => {
    const later = text(firstValue(ownerRecordSet(name, mark, group)).replace('schema=2', 'schema=3,cell=a'))
    expect(readOwnerMark([later]).reading).toEqual({ kind: 'marked', mark: { ...mark, schema: 3 } })
  })
})

describe('of 0.1', () => {
  test.each<[string, string, Identity, string]>([
    ['the owner', 'default', run, 'ours'],
    ['the owner, of another repository', 'default', { ...run, repository: { id: '2', name: 'a/b' } }, 'ours'],
    ['another owner', 'pr-42', run, 'foreign'],
    ['what an input named the owner', 'team-a', { ...run, owner: 'team-a' }, 'ours'],
  ])('%s', (_, owner, identity, expected) => {
    expect(kindOf([ownerRecordSet01(name, owner, group)], identity)).toBe(expected)
  })
})

describe('is unreadable, and never ours or none', () => {
  test.each([
    ['another text', [text('"hello"')]],
    ['an empty text', [text('""')]],
    ['a mark of another tool', [text('"heritage=external-dns,external-dns/owner=default"')]],
    ['no owner', [text('"heritage=meridian,schema=2,domain=x.org"')]],
    ['no domain', [text('"heritage=meridian,owner=default,schema=2"')]],
    ['a schema that is no number', [text('"heritage=meridian,owner=default,schema=x"')]],
    ['two owners', [text('"heritage=meridian,owner=default,owner=pr-1"')]],
    ['a string too many', [text('"heritage=meridian,owner=default" "x"')]],
    ['two values', [{ ...text(''), ResourceRecords: [{ Value: '"a"' }, { Value: '"b"' }] }]],
    ['a policy', [{ ...text('"heritage=meridian,owner=default"'), SetIdentifier: 'a', Weight: 1 }]],
    ['two records', [text('"heritage=meridian,owner=default"'), { ...text('1.2.3.4'), Type: 'A' as const }]],
  ])('%s', (_, sets) => expect(readOwnerMark(sets).reading.kind).toBe('unreadable'))

  test('whatever stands there', () => {
    const anything = fc.array(fc.string(), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(anything, values => {
        const set = { ...text(''), ResourceRecords: values.map(value => ({ Value: value })) }
        return readOwnerMark([set]).reading.kind === 'unreadable'
      }),
    )
  })
})

test('a mark survives its text, however long its domain is', () => {
  const label = fc.stringMatching(/^[a-z0-9]{1,50}$/)
  const given = fc.record({
    domain: fc.array(label, { minLength: 2, maxLength: 4 }).map(labels => labels.join('.')),
    environment: fc.option(fc.stringMatching(/^[a-z0-9]{1,20}$/), { nil: undefined }),
    id: fc.stringMatching(/^[1-9]\d{0,9}$/),
    account: fc.stringMatching(/^\d{12}$/),
  })
  fc.assert(
    fc.property(given, ({ id, ...place }) => {
      const one = makeMark({ ...place, repository: { id, name: 'acme/shop' } }, { pullRequest: 7 })
      const read = readOwnerMark([ownerRecordSet(name, one, group)])
      expect(read.reading).toEqual({ kind: 'marked', mark: one })
    }),
  )
})
