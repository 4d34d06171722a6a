import { describe, expect, test } from 'vitest'
import { readOwnerMark } from '../../src/ownership/owner-mark.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { planGroup } from '../../src/plan/plan-group.ts'
import { planOutage } from '../../src/plan/plan-outage.ts'
import { planRemoval } from '../../src/plan/plan-removal.ts'
import type { ObservedGroup } from '../../src/zone/read-group.ts'
import { cname, desire, fqdn, nothing, observe, run, runOf, threeRegions, unmarked } from '../groups.ts'

const jpn = 'ap-northeast-1'
const takeOut = (observed: ObservedGroup, regions = [jpn], minRegions = 1) =>
  planOutage(run, observed, { mode: 'take-out', regions, minRegions })
const bringBack = (observed: ObservedGroup, regions = [jpn]) =>
  planOutage(run, observed, { mode: 'bring-back', regions, minRegions: 1 })

/** What stands at the name once a plan is carried out. */
const after = (plan: Plan): ObservedGroup => {
  const left = (record: string) => plan.rows.flatMap(row => (row.record === record && row.after) || [])
  return { fqdn, records: left('latency'), ownerRecords: left('owner') }
}
const regionsOf = ({ records }: ObservedGroup) => records.map(({ Region }) => Region).sort()
const outOf = ({ ownerRecords }: ObservedGroup) => readOwnerMark(ownerRecords).out

const forUpgrade = (observed: ObservedGroup, regions = [jpn]) =>
  planOutage(run, observed, { mode: 'take-out', regions, minRegions: 1, maxOut: 1, upgrade: true })
const upgradingOf = ({ ownerRecords }: ObservedGroup) => readOwnerMark(ownerRecords).upgrading

const three = observe(threeRegions)
const without = after(takeOut(three))

describe('a region that is out for an upgrade', () => {
  const upgraded = after(forUpgrade(three))

  test('is told from one that somebody has taken out', () => {
    expect(upgradingOf(upgraded)).toEqual([jpn])
    expect(upgradingOf(without)).toBeUndefined()
  })

  test('may be taken out for it again, and by a person too, who changes nothing', () => {
    expect(forUpgrade(upgraded).kind).toBe('nothing')
    expect(takeOut(upgraded).kind).toBe('nothing')
  })

  test('stays so while others are, and while records move', () => {
    expect(upgradingOf(after(takeOut(upgraded, ['eu-west-1'])))).toEqual([jpn])
    const moved = threeRegions.map(record => ({ ...record, target: `new-${record.target}` }))
    expect(upgradingOf(after(planGroup(desire(moved), upgraded)))).toEqual([jpn])
  })

  test('is neither out nor for an upgrade once it is back', () => {
    const back = after(bringBack(upgraded))
    expect([outOf(back), upgradingOf(back)]).toEqual([[], undefined])
    const whole = after(planGroup({ ...desire(threeRegions), back: [jpn] }, upgraded))
    expect([outOf(whole), upgradingOf(whole)]).toEqual([[], undefined])
  })

  test('is not one that a person has taken out, which an upgrade refuses', () => {
    expect(forUpgrade(without)).toMatchObject({ kind: 'refuse', reason: 'taken-out' })
  })
})

describe('a region that is taken out', () => {
  test('loses its record, and the mark says that it is out', () => {
    expect(regionsOf(without)).toEqual(['eu-west-1', 'us-east-1'])
    expect(outOf(without)).toEqual([jpn])
  })

  test('is not let in by a run that knows its endpoint', () => {
    expect(planGroup(desire(threeRegions), without).kind).toBe('nothing')
  })

  test('stays out when another region moves', () => {
    const moved = threeRegions.map(record =>
      record.region === 'us-east-1' ? { ...record, target: 'new.example.net' } : record,
    )
    const next = after(planGroup(desire(moved), without))
    expect(regionsOf(next)).toEqual(['eu-west-1', 'us-east-1'])
    expect(outOf(next)).toEqual([jpn])
  })

  test('stays out when another goes too', () => {
    const both = after(takeOut(without, ['eu-west-1']))
    expect(regionsOf(both)).toEqual(['us-east-1'])
    expect(outOf(both)).toEqual([jpn, 'eu-west-1'])
  })

  test('is out for nobody any more once it is removed for good', () => {
    const plan = planRemoval(run, without, { regions: [jpn] })
    expect(outOf(after(plan))).toEqual([])
  })

  test('need not be in the group', () => {
    const next = after(takeOut(three, ['sa-east-1']))
    expect(regionsOf(next)).toEqual(regionsOf(three))
    expect(outOf(next)).toEqual(['sa-east-1'])
  })

  test('is taken out once: the second time nothing changes', () => {
    expect(takeOut(without).kind).toBe('nothing')
  })
})

describe('a region that is brought back', () => {
  const back = after(bringBack(without))

  test('is let in by the next run that knows its endpoint', () => {
    expect(outOf(back)).toEqual([])
    expect(regionsOf(back)).toEqual(['eu-west-1', 'us-east-1'])
    expect(regionsOf(after(planGroup(desire(threeRegions), back)))).toEqual([jpn, 'eu-west-1', 'us-east-1'])
  })

  test('leaves the others out', () => {
    const both = after(takeOut(without, ['eu-west-1']))
    expect(outOf(after(bringBack(both)))).toEqual(['eu-west-1'])
  })

  test('that was not out changes nothing', () => {
    expect(bringBack(three).kind).toBe('nothing')
  })
})

describe('refused', () => {
  test.each<[string, Plan, string]>([
    ['the last region', takeOut(three, ['us-east-1', 'eu-west-1', jpn]), 'too-few-regions'],
    ['fewer regions than the name must have', takeOut(three, [jpn], 3), 'too-few-regions'],
    ["another environment's group", takeOut(observe(threeRegions, 'pr-7')), 'foreign-owner'],
    ['a group without mark', takeOut(unmarked(threeRegions)), 'unowned'],
    ['a name with nothing', takeOut(nothing), 'unowned'],
    [
      'endpoints of none but regions that are out',
      planGroup(desire(threeRegions.filter(({ region }) => region === jpn)), without),
      'too-few-regions',
    ],
    [
      'to bring back what another has taken out',
      planOutage(runOf('pr-1'), without, { mode: 'bring-back', regions: [jpn], minRegions: 1 }),
      'foreign-owner',
    ],
  ])('%s', (_, plan, reason) => expect(plan).toMatchObject({ kind: 'refuse', reason }))
})

test('what is out of a name that is nobody’s by now holds no run back', () => {
  const orphan = { ...without, ownerRecords: [], records: [] }
  expect(regionsOf(after(planGroup(desire(threeRegions), orphan)))).toHaveLength(3)
})

describe('the health check of a region', () => {
  const checked = observe(threeRegions.map(record => ({ ...record, healthCheckId: 'check-1' })))
  const checkOf = ({ records }: ObservedGroup) => records.find(({ Region }) => Region === jpn)?.HealthCheckId
  const moved = [cname('us-east-1', 'new.example.net'), ...threeRegions.slice(1)]

  test('that is taken out comes back with it, whatever runs between', () => {
    const out = after(takeOut(checked))
    const between = after(planGroup(desire(moved), out))
    const back = after(planGroup(desire(moved), after(bringBack(between))))
    expect([checkOf(out), checkOf(back)]).toEqual([undefined, 'check-1'])
    expect(readOwnerMark(back.ownerRecords)).not.toHaveProperty('healthChecks')
  })

  test('that is removed for good does not come back', () => {
    const left = after(planRemoval(run, checked, { regions: [jpn] }))
    expect(checkOf(after(planGroup(desire(threeRegions), left)))).toBeUndefined()
  })
})
