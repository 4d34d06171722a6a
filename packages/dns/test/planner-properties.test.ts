import type { Change, ResourceRecordSet } from '@aws-sdk/client-route-53'
import { judgeClaim, type Mark, makeMark } from '@meridian/identity'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { readOwnerMark } from '../src/ownership/owner-mark.ts'
import { planGroup } from '../src/plan/plan-group.ts'
import { planRemoval } from '../src/plan/plan-removal.ts'
import type { LatencyRecord } from '../src/records/latency-record.ts'
import type { ObservedGroup } from '../src/zone/read-group.ts'
import { alias, cname, desire, fqdn, observe, run, unmarked } from './groups.ts'

const region = fc.constantFrom(
  'us-east-1',
  'us-west-2',
  'eu-west-1',
  'eu-central-1',
  'ap-northeast-1',
  'sa-east-1',
)
const group: fc.Arbitrary<LatencyRecord[]> = fc
  .tuple(
    fc.uniqueArray(
      fc.record({
        region,
        target: fc.constantFrom('a.example.net', 'b.example.net'),
        ttl: fc.constantFrom(60, 300),
      }),
      { selector: one => one.region, maxLength: 6 },
    ),
    fc.boolean(),
  )
  .map(([members, aliased]) =>
    members.map(({ region, target, ttl }) => (aliased ? alias(region) : cname(region, target, ttl))),
  )
const filled = group.filter(records => records.length > 0)
const others: fc.Arbitrary<ResourceRecordSet[]> = fc.subarray<ResourceRecordSet>([
  { Name: `${fqdn}.`, Type: 'MX', TTL: 60, ResourceRecords: [{ Value: '10 mail.example.com' }] },
  { Name: `${fqdn}.`, Type: 'A', TTL: 60, ResourceRecords: [{ Value: '192.0.2.1' }] },
  {
    Name: `${fqdn}.`,
    Type: 'AAAA',
    TTL: 60,
    SetIdentifier: 'w',
    Weight: 1,
    ResourceRecords: [{ Value: '::1' }],
  },
])
/** Marks whose owner is called `default` like ours; the first is ours, as version 0.1 has written it. */
const older: Mark = { schema: 1, owner: 'default' }
const below = makeMark({ ...run, domain: 'a.k8s.example.com' })
const otherShop = makeMark({ ...run, repository: { id: '2002', name: 'acme/other' } })
const observed = fc
  .tuple(group, fc.constantFrom('default', 'pr-1', older, below, otherShop, undefined), others)
  .map(([records, owner, rest]) =>
    owner === undefined ? unmarked(records, rest) : observe(records, owner, rest),
  )

/** Carries out a batch on a list of records, as strictly as Route 53: exact deletes, no duplicates. */
function carryOut(at: ObservedGroup, batch: readonly Change[]): ObservedGroup {
  let sets = [...at.records, ...at.ownerRecords]
  for (const { Action, ResourceRecordSet: set } of batch) {
    const same = (one: ResourceRecordSet) => JSON.stringify(one) === JSON.stringify(set)
    const key = (one?: ResourceRecordSet) => `${one?.Name} ${one?.Type} ${one?.SetIdentifier}`
    if (Action === 'DELETE') {
      expect(sets.some(same)).toBe(true)
      sets = sets.filter(one => !same(one))
    } else {
      expect(sets.map(key)).not.toContain(key(set))
      if (set) sets.push(set)
    }
  }
  const isMark = (set: ResourceRecordSet) => set.Name?.startsWith('_meridian.') ?? false
  return { fqdn, records: sets.filter(set => !isMark(set)), ownerRecords: sets.filter(isMark) }
}

test('after a change the same wish finds nothing to do', () => {
  fc.assert(
    fc.property(filled, observed, (records, at) => {
      const wish = desire(records, { maxDeletes: 9 })
      const plan = planGroup(wish, at)
      if (plan.kind === 'change') expect(planGroup(wish, carryOut(at, plan.batch)).kind).toBe('nothing')
    }),
  )
})

test('a change deletes nothing but latency records and the mark of its owner', () => {
  fc.assert(
    fc.property(filled, observed, (records, at) => {
      const plan = planGroup(desire(records, { maxDeletes: 9 }), at)
      const deleted = plan.kind === 'change' ? plan.batch.filter(change => change.Action === 'DELETE') : []
      for (const { ResourceRecordSet: set } of deleted) {
        if (set?.Type === 'TXT') expect(isOurs(set)).toBe(true)
        else expect(set?.Region).toBeDefined()
      }
    }),
  )
})

test('two changes of one observation never both succeed', () => {
  fc.assert(
    fc.property(filled, filled, observed, (left, right, at) => {
      const first = planGroup(desire(left, { maxDeletes: 9 }), at)
      const second = planGroup(desire(right, { maxDeletes: 9 }), at)
      if (first.kind !== 'change' || second.kind !== 'change') return
      const after = carryOut(at, first.batch)
      const same = JSON.stringify(first.batch) === JSON.stringify(second.batch)
      if (!same && isTouched(at, after)) expect(() => carryOut(after, second.batch)).toThrow()
    }),
  )
})

test('removal after a change leaves what was there besides', () => {
  fc.assert(
    fc.property(filled, others, (records, rest) => {
      const at: ObservedGroup = { fqdn, records: rest, ownerRecords: [] }
      const plan = planGroup(desire(records), at)
      if (plan.kind !== 'change') return
      const there = carryOut(at, plan.batch)
      const removal = planRemoval(run, there)
      expect(removal.kind).toBe('change')
      if (removal.kind === 'change') expect(carryOut(there, removal.batch)).toEqual(at)
    }),
  )
})

const regionsOf = (at: ObservedGroup) => at.records.flatMap(({ Region }) => Region ?? [])

test('a drain takes exactly the regions that it names, whoever drains twice', () => {
  fc.assert(
    fc.property(observed, fc.array(region, { maxLength: 3 }), (at, regions) => {
      const plan = planRemoval(run, at, { regions })
      if (plan.kind !== 'change') return
      const after = carryOut(at, plan.batch)
      expect(regionsOf(after)).toEqual(regionsOf(at).filter(one => !regions.some(other => other === one)))
      expect(after.ownerRecords.length).toBe(regionsOf(after).length > 0 ? 1 : 0)
      expect(planRemoval(run, after, { regions }).kind).toBe('nothing')
      const kept = (set: ResourceRecordSet) => set.Region === undefined
      expect(after.records.filter(kept)).toEqual(at.records.filter(kept))
    }),
  )
})

test('what is not ours is changed by no plan, whatever is asked', () => {
  fc.assert(
    fc.property(filled, observed, fc.boolean(), fc.array(region), (records, at, adopt, regions) => {
      fc.pre(at.ownerRecords.some(set => !isOurs(set)))
      const plans = [
        planGroup(desire(records, { adopt, maxDeletes: 9, minRegions: 1 }), at),
        planRemoval(run, at),
        planRemoval(run, at, { named: false }),
        planRemoval(run, at, { regions }),
      ]
      for (const plan of plans) expect(plan.kind).toBe('refuse')
    }),
  )
})

test('what another tool looks after is changed by no plan, also where our mark stands', () => {
  const alien = { kind: 'alien' as const, by: 'external-dns' }
  fc.assert(
    fc.property(filled, observed, fc.boolean(), (records, at, adopt) => {
      const plans = [
        planGroup(desire(records, { adopt, maxDeletes: 9 }), { ...at, alien }),
        planRemoval(run, { ...at, alien }),
        planRemoval(run, { ...at, alien }, { regions: ['us-east-1'] }),
      ]
      for (const plan of plans) expect(plan).toMatchObject({ kind: 'refuse', reason: 'foreign-owner' })
    }),
  )
})

function isOurs(set: ResourceRecordSet): boolean {
  return judgeClaim(set, readOwnerMark([set]).reading, run).kind === 'ours'
}

function isTouched(before: ObservedGroup, after: ObservedGroup): boolean {
  return JSON.stringify(before.ownerRecords) !== JSON.stringify(after.ownerRecords)
}
