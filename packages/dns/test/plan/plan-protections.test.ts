import { describe, expect, test } from 'vitest'
import { protectionComment } from '../../src/ownership/protection-comment.ts'
import type { Protection } from '../../src/ownership/protections.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { planGroup } from '../../src/plan/plan-group.ts'
import { planRemoval } from '../../src/plan/plan-removal.ts'
import { alias, cname, desire, fqdn, nothing, observe, run, runOf, threeRegions } from '../groups.ts'

const commentOf = (...of: Parameters<typeof runOf>) => protectionComment(runOf(...of)) ?? ''
const group: Protection = { name: fqdn, type: 'CNAME', comment: commentOf() }
const mark: Protection = { ...group, name: `_meridian.${fqdn}`, type: 'TXT' }
const foreign: Protection = { ...group, comment: 'hands off, says Kim' }

const protectedGroup = {
  ...observe(threeRegions, 'default', [], { protect: true }),
  protections: [group, mark],
}
const tell = (plan: Plan) =>
  plan.kind === 'change'
    ? {
        lift: plan.lift.map(({ type }) => type),
        batch: plan.batch.length,
        protect: plan.protect.map(({ type }) => type),
      }
    : plan.kind === 'refuse'
      ? plan.reason
      : plan.kind
const rows = (plan: Plan) =>
  plan.rows.filter(row => row.record === 'protection').map(row => `${row.action} ${row.subject}`)

describe('with protect', () => {
  test('a new group is written first and protected after', () => {
    const plan = planGroup(desire(threeRegions, { protect: true }), { ...nothing, protections: [] })
    expect(tell(plan)).toEqual({ lift: [], batch: 4, protect: ['CNAME', 'TXT'] })
    expect(rows(plan)).toEqual([`create ${fqdn} CNAME`, `create _meridian.${fqdn} TXT`])
  })

  test('what is protected already is left alone', () => {
    const plan = planGroup(desire(threeRegions, { protect: true }), protectedGroup)
    expect(plan.kind).toBe('nothing')
    expect(rows(plan)).toEqual([`keep ${fqdn} CNAME`, `keep _meridian.${fqdn} TXT`])
  })

  test('a change lifts ours and makes them anew', () => {
    const wish = desire([cname('us-east-1', 'new.example.net'), ...threeRegions.slice(1)], { protect: true })
    expect(tell(planGroup(wish, protectedGroup))).toEqual({
      lift: ['CNAME', 'TXT'],
      batch: 4,
      protect: ['CNAME', 'TXT'],
    })
  })

  test('a group that turns into aliases is protected as such', () => {
    const records = threeRegions.map(({ region }) => alias(region))
    const plan = planGroup(desire(records, { protect: true }), protectedGroup)
    expect(tell(plan)).toEqual({ lift: ['CNAME', 'TXT'], batch: 8, protect: ['A', 'TXT'] })
    expect(rows(plan)).toEqual([`keep _meridian.${fqdn} TXT`, `create ${fqdn} A`, `delete ${fqdn} CNAME`])
  })

  test('a protection that is missing is all that is made', () => {
    const plan = planGroup(desire(threeRegions, { protect: true }), {
      ...protectedGroup,
      protections: [mark],
    })
    expect(tell(plan)).toEqual({ lift: [], batch: 0, protect: ['CNAME'] })
  })

  test("somebody else's protection serves as well, while nothing is to change", () => {
    const plan = planGroup(desire(threeRegions, { protect: true }), {
      ...protectedGroup,
      protections: [foreign, mark],
    })
    expect(plan.kind).toBe('nothing')
  })
})

test('without protect, ours are lifted and the mark says so no longer', () => {
  const plan = planGroup(desire(threeRegions), protectedGroup)
  expect(tell(plan)).toEqual({ lift: ['CNAME', 'TXT'], batch: 2, protect: [] })
})

test('a removal lifts ours', () => {
  expect(tell(planRemoval(run, protectedGroup))).toEqual({
    lift: ['CNAME', 'TXT'],
    batch: 4,
    protect: [],
  })
})

test.each<[string, Protection]>([
  ['of another maker', foreign],
  ['without comment', { ...group, comment: '' }],
  ['of another domain', { ...group, comment: commentOf('default', { domain: 'a.k8s.example.com' }) }],
  [
    'of another repository',
    { ...group, comment: commentOf('default', { repository: { id: '2', name: 'acme/x' } }) },
  ],
  [
    'of version 0.1 for another owner',
    { ...group, comment: 'heritage=meridian,owner=pr-1: change these records with latency-dns' },
  ],
  ['of another owner of ours', { ...group, comment: commentOf('default-2') }],
])('a protection %s in the way is refused and named', (_, protection) => {
  const observed = { ...observe(threeRegions), protections: [protection] }
  const plans = [planGroup(desire(threeRegions.slice(0, 2)), observed), planRemoval(run, observed)]
  for (const plan of plans) {
    expect(tell(plan)).toBe('protected')
    expect(plan.kind === 'refuse' && plan.message).toContain(
      `CNAME of ${fqdn} (${protection.comment || 'no comment'})`,
    )
  }
})

test('a protection of another type of the name is not in the way', () => {
  const observed = { ...observe(threeRegions), protections: [{ ...foreign, type: 'MX' as const }] }
  expect(planRemoval(run, observed).kind).toBe('change')
})

test('a protection of version 0.1 is lifted where its owner fits', () => {
  const comment = 'heritage=meridian,owner=default: change these records with latency-dns'
  const plan = planRemoval(run, { ...observe(threeRegions), protections: [{ ...group, comment }] })
  expect(tell(plan)).toMatchObject({ lift: ['CNAME'] })
})

describe('the comment', () => {
  test('says whose a protection is', () => {
    expect(commentOf()).toBe(
      'heritage=meridian,owner=default,schema=2,domain=k8s.example.com,repository=acme/shop,repository-id=1001: change these records with latency-dns',
    )
  })

  test.each([100, 170])('of a domain of %d characters fits, and is known again', length => {
    const identity = runOf('default', {
      domain: `${'a'.repeat(length)}.org`,
      repository: { id: '1', name: `acme/${'x'.repeat(90)}` },
    })
    const comment = protectionComment(identity) ?? ''
    expect(comment.length).toBeLessThanOrEqual(256)
    expect(tell(planRemoval(identity, { ...nothing, protections: [{ ...group, comment }] }))).toMatchObject({
      lift: ['CNAME'],
    })
  })

  test('that cannot say whose it is is not made: the run is refused', () => {
    const identity = runOf('default', { domain: 'a'.repeat(240) })
    expect(tell(planGroup(desire(threeRegions, { identity, protect: true }), nothing))).toBe('protected')
  })
})
