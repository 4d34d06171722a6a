import { type Identity, type Mark, makeMark, ownerRecordName, writeFederation } from '@meridian/identity'
import { describe, expect, test } from 'vitest'
import { claimName, isSameClaim, planClaim, readClaims } from '../../src/ownership/environment-claim.ts'
import { ownerRecordSet, readOwnerMark } from '../../src/ownership/owner-mark.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { planRemoval } from '../../src/plan/plan-removal.ts'
import type { ObservedGroup } from '../../src/zone/read-group.ts'

const identity: Identity = {
  domain: 'k8s.example.com',
  environment: 'pr-42',
  repository: { id: '1001', name: 'acme/shop' },
  account: '111122223333',
}
const cluster = (name: string) => ({
  name,
  region: 'us-east-1',
  zones: [],
  provider: 'kops' as const,
  fullName: `${name}.k8s.example.com`,
  stateStore: `s3://${name}.k8s.example.com-state`,
})
const now = new Date('2026-11-26T12:00:00Z')
const hours = (count: number) => new Date(now.getTime() + count * 3_600_000)
const life = { lifetime: 10 * 3_600_000, now }
const federation = writeFederation(cluster('usa'), [cluster('usa'), cluster('eur')])
const markUntil = (end: Date | undefined, more: Partial<Mark> = {}): Mark => ({
  ...makeMark(identity, { createdAt: hours(-20), expiresAt: end }),
  federation,
  ...more,
})
const wanted: Mark = { ...makeMark(identity, { createdAt: now, expiresAt: hours(10) }), federation }
const fqdn = claimName(identity)
const observe = (mark?: Mark): ObservedGroup => ({
  fqdn,
  records: [],
  ownerRecords: mark === undefined ? [] : [ownerRecordSet(ownerRecordName(fqdn), mark, [])],
})
const group = (name: string, mark: Mark) => {
  const reading = { kind: 'marked' as const, mark }
  return { fqdn: name, reading, written: reading, records: [] }
}
/** What the record says after a plan. */
const said = (plan: Plan) =>
  plan.rows.map(({ after }) => after?.ResourceRecords?.[0]?.Value?.replaceAll('" "', '') ?? '').join()

test('the claims of two repositories on environments of one name stand at names of their own', () => {
  expect(fqdn).toBe('_claim-1001.pr-42.k8s.example.com')
  const nameless = { ...identity, environment: undefined, repository: { id: '', name: 'Acme/Blog.js' } }
  expect(claimName(nameless)).toBe('_claim-acme-blog-js.k8s.example.com')
})

test('claims are told from the other names of a zone', () => {
  const { claims, rest } = readClaims([
    group(fqdn, wanted),
    group('pr-42.k8s.example.com', wanted),
    { ...group('_claim-1.k8s.example.com', wanted), records: [{ region: 'us-east-1', target: 'x.org' }] },
  ])
  expect(claims.map(({ root }) => root)).toEqual(['pr-42.k8s.example.com'])
  expect(rest).toHaveLength(2)
})

describe('a claim', () => {
  test('is made where there is none', () => {
    const plan = planClaim(identity, observe(), wanted, life)
    expect(plan.kind).toBe('change')
    expect(said(plan)).toContain('expires=2026-11-26T22:00:00Z')
    expect(said(plan)).toContain(
      'federation=usa|us-east-1|usa.k8s.example.com|s3://usa.k8s.example.com-state;eur|',
    )
  })

  test.each<[string, Mark, 'nothing' | 'change']>([
    ['with more than half of the lifetime left stays as it is', markUntil(hours(6)), 'nothing'],
    ['with less than half of it left is renewed', markUntil(hours(4)), 'change'],
    ['that has expired is renewed', markUntil(hours(-1)), 'change'],
    ['that ends later than is asked for stays as it is', markUntil(hours(30)), 'nothing'],
    ['without an end gets one', markUntil(undefined), 'change'],
    [
      'of other members is written anew',
      markUntil(hours(9), { federation: writeFederation(cluster('usa'), []) }),
      'change',
    ],
  ])('%s', (_, before, kind) => expect(planClaim(identity, observe(before), wanted, life).kind).toBe(kind))

  test('keeps when it was made, and the pull request that it was made for', () => {
    const before = markUntil(hours(1), { pullRequest: '42' })
    expect(said(planClaim(identity, observe(before), wanted, life))).toMatch(
      /created-at=2026-11-25T16:00:00Z.*pull-request=42/,
    )
  })

  test('does not end earlier because another app of the environment is wanted for less', () => {
    const short = { lifetime: 3_600_000, now }
    const mark = {
      ...wanted,
      expiresAt: hours(1).toISOString(),
      federation: writeFederation(cluster('usa'), []),
    }
    expect(said(planClaim(identity, observe(markUntil(hours(30))), mark, short))).toContain(
      'expires=2026-11-27T18',
    )
  })

  test.each<[string, Mark]>([
    ['another repository', markUntil(hours(1), { repository: { id: '7', name: 'acme/blog' } })],
    ['another environment', markUntil(hours(1), { owner: 'pr-1' })],
    ['another domain', markUntil(hours(1), { domain: 'example.org' })],
    ['another account', markUntil(hours(1), { account: '444455556666' })],
  ])('of %s is refused, and not removed', (_, before) => {
    expect(planClaim(identity, observe(before), wanted, life)).toMatchObject({ reason: 'foreign-owner' })
    expect(planRemoval(identity, observe(before), { named: false }).kind).toBe('refuse')
  })

  test('that cannot be read is refused, and not removed', () => {
    const [set] = observe(wanted).ownerRecords
    const damaged = { ...observe(), ownerRecords: [{ ...set, ResourceRecords: [{ Value: '"x"' }] }] }
    const group = damaged as ObservedGroup
    expect(planClaim(identity, group, wanted, life)).toMatchObject({ reason: 'unreadable-owner' })
    expect(planRemoval(identity, group, { named: false }).kind).toBe('refuse')
  })

  test('with the app in another federation is refused, with the way to take it out there', () => {
    const elsewhere = writeFederation(cluster('jpn'), [])
    const plan = planClaim(identity, observe(markUntil(hours(1), { federation: elsewhere })), wanted, life)
    expect(plan).toMatchObject({
      kind: 'refuse',
      message: 'the app of pr-42.k8s.example.com is claimed in the federation of jpn.k8s.example.com',
    })
    expect(plan.kind === 'refuse' && plan.fix).toContain(
      "host: {name: jpn, region: us-east-1, fullName: jpn.k8s.example.com, stateStore: 's3://jpn.k8s.example.com-state'}",
    )
  })

  test('is the same as long as nobody has written it anew', () => {
    const claim = {
      fqdn,
      root: '',
      reading: readOwnerMark(observe(markUntil(hours(1))).ownerRecords).reading,
    }
    expect(isSameClaim(observe(markUntil(hours(1))), claim)).toBe(true)
    expect(isSameClaim(observe(markUntil(hours(2))), claim)).toBe(false)
    expect(isSameClaim(observe(), claim)).toBe(false)
  })
})
