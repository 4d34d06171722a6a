import { testJob } from '@meridian/runner/testing'
import { describe, expect, test } from 'vitest'
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

describe('where name servers can be asked, Route 53 is', () => {
  const answering = (status: string) => {
    const asked: string[] = []
    const send = async () => {
      asked.push('GetChange')
      return { ChangeInfo: { Status: status } }
    }
    return { client: { send } as never, asked }
  }
  const inTurn = (words: (boolean | undefined)[]) => async () => words.shift()

  test('asked once they know', async () => {
    const { client, asked } = answering('INSYNC')
    const words = [false, false, true]
    expect(await waitInSync(testJob(), client, 'C1', 60_000, inTurn(words))).toMatchObject({ inSync: true })
    expect([asked.length, words.length]).toEqual([1, 0])
  })

  test('asked at once if they are silent', async () => {
    const { client, asked } = answering('INSYNC')
    expect(await waitInSync(testJob(), client, 'C1', 60_000, inTurn([undefined]))).toMatchObject({
      inSync: true,
    })
    expect(asked.length).toBe(1)
  })

  test('asked all the same if they never know', async () => {
    const { client } = answering('INSYNC')
    expect(await waitInSync(testJob(), client, 'C1', 50, async () => false)).toMatchObject({ inSync: true })
  })

  test('the one who says it: what they know is not all', async () => {
    const { client } = answering('PENDING')
    expect(await waitInSync(testJob(), client, 'C1', 50, async () => true)).toMatchObject({ inSync: false })
  })
})
