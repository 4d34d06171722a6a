import { expect, test } from 'vitest'
import { approvePlan, planDigest } from '../../src/plan/approve-plan.ts'
import { planGroup } from '../../src/plan/plan-group.ts'
import { desire, nothing, observe, threeRegions } from '../groups.ts'

const create = planGroup(desire(threeRegions), nothing)
const add = planGroup(desire(threeRegions), observe(threeRegions.slice(1)))

test('the plan that was approved is carried out, in whatever order its endpoints were listed', () => {
  const again = planGroup(desire(threeRegions.toReversed()), nothing)
  expect(approvePlan(again, planDigest(create))).toBe(again)
})

test('another plan is refused, though it ends in the same group', () => {
  const plan = approvePlan(add, planDigest(create))
  expect(plan).toMatchObject({ kind: 'refuse', reason: 'not-approved' })
  expect(plan.kind === 'refuse' && plan.message).toContain(planDigest(add))
})

test('what is already so needs no approval, and without approval every plan is carried out', () => {
  const same = planGroup(desire(threeRegions), observe(threeRegions))
  expect([approvePlan(same, planDigest(create)), approvePlan(create, undefined)]).toEqual([same, create])
})
