import { testJob } from '@meridian/runner/testing'
import { expect, test } from 'vitest'
import { planGroup } from '../../src/plan/plan-group.ts'
import { applyGroup } from '../../src/zone/apply-group.ts'
import { readGroup } from '../../src/zone/read-group.ts'
import { waitInSync } from '../../src/zone/wait-in-sync.ts'
import { desire, fqdn, threeRegions } from '../groups.ts'
import { type LabRoute53, openRoute53 } from '../lab-route53.ts'

async function write(lab: LabRoute53, name: string) {
  const plan = planGroup(desire(threeRegions, { fqdn: name }), await readGroup(lab.client, lab.zone, name))
  return applyGroup(testJob(), lab.client, lab.zone, plan, async () => plan)
}

test('a change is waited for until all name servers know it', async () => {
  await using lab = await openRoute53()
  const { changeId = '' } = await write(lab, fqdn)
  expect(await waitInSync(testJob(), lab.client, changeId, 20_000)).toMatchObject({ inSync: true })
})

test('a wait that runs out tells so and does not throw', async () => {
  const client = { send: async () => ({ ChangeInfo: { Status: 'PENDING' } }) }
  const state = await waitInSync(testJob(), client as never, 'C1', 1)
  expect(state).toMatchObject({ inSync: false, reason: expect.stringContaining('last seen: PENDING') })
})

test('without the permission to look, the wait ends at once', async () => {
  const denied = Object.assign(new Error('route53:GetChange is missing'), { name: 'AccessDenied' })
  const client = { send: () => Promise.reject(denied) }
  expect(await waitInSync(testJob(), client, 'C1', 60_000)).toMatchObject({
    inSync: false,
    reason: expect.stringContaining('route53:GetChange'),
  })
})

test('a change that Route 53 does not know ends the wait at once', async () => {
  await using lab = await openRoute53(['lost-changes'])
  const { changeId = '' } = await write(lab, fqdn)
  expect(await waitInSync(testJob(), lab.client, changeId, 3_600_000)).toMatchObject({
    inSync: false,
    reason: 'Route 53 does not know it',
  })
})
