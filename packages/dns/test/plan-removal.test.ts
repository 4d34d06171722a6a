import { expect, test } from 'vitest'
import { planRemoval } from '../src/plan-removal.ts'
import { fqdn, nothing, observe, run, threeRegions, unmarked } from './groups.ts'

test('our group and its mark are removed by their exact values', () => {
  const observed = observe(threeRegions)
  const plan = planRemoval(run, observed)
  expect(plan.kind === 'change' && plan.batch).toEqual(
    [...observed.records, ...observed.ownerRecords].map(set => ({
      Action: 'DELETE',
      ResourceRecordSet: set,
    })),
  )
})

test('where nothing is, nothing is done', () => {
  expect(planRemoval(run, nothing)).toEqual({ kind: 'nothing', rows: [] })
})

test('a mark without a group is removed', () => {
  const plan = planRemoval(run, { ...observe(threeRegions), records: [] })
  expect(plan.kind === 'change' && plan.batch.length).toBe(1)
})

test("another owner's group is refused", () => {
  expect(planRemoval(run, observe(threeRegions, 'pr-7'))).toMatchObject({ reason: 'foreign-owner' })
})

test('a group without mark is refused', () => {
  expect(planRemoval(run, unmarked(threeRegions))).toMatchObject({ reason: 'unowned' })
})

test('what else stands at the name stays', () => {
  const mail = {
    Name: `${fqdn}.`,
    Type: 'MX' as const,
    TTL: 60,
    ResourceRecords: [{ Value: '10 mail.example.com' }],
  }
  const plan = planRemoval(run, observe([], 'default', [mail]))
  expect(plan.kind === 'change' && plan.batch.map(change => change.ResourceRecordSet?.Type)).toEqual(['TXT'])
})
