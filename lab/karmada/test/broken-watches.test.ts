import { type Client, eventually, type Member, startMember } from '@meridian/lab-clusters/testing'
import type { Failure } from '@meridian/lab-world'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installKarmada, startFederationWorld } from '../testing/federation.ts'
import { joinMember, untilJoined } from '../testing/join.ts'
import { deployApp, healthyBinding } from './app.ts'

const testWorld = startFederationWorld()
const path = '/apis/apps/v1/namespaces/default/deployments/web'
let usa: Member
let fed: Client

beforeAll(async () => {
  usa = await startMember(testWorld, 'usa')
  fed = await installKarmada(testWorld, usa)
  await joinMember(fed, 'usa', usa)
  await untilJoined(fed, 'usa')
  await deployApp(fed, { name: 'web' })
  await eventually(() => healthyBinding(fed, 'web-deployment', ['usa']))
})

afterAll(() => testWorld.close())

test.each<Failure>(['stream-end', 'stream-expired', 'truncate'])(
  'what a member loses is put back although its watch breaks over it (%s)',
  async failure => {
    const { requests } = testWorld.world.faults
    const always = { failure, nth: 1, times: Infinity, operation: 'watch deployments.apps' }
    const fault = requests.plan({ ...always, server: usa.spec.name })
    // The present watch is a whole one: the next one breaks.
    testWorld.host.clusters()[0]?.server.cut()
    await eventually(() => (fault.struck() > 0 ? true : undefined))
    const before = (await usa.admin('GET', path)).body.metadata.uid
    await usa.admin('DELETE', path)
    const after = await eventually(async () => {
      const { status, body } = await usa.admin('GET', path)
      return status === 200 && body.metadata.uid !== before ? body.metadata.uid : undefined
    })
    expect(after).not.toBe(before)
    fault.forget()
    await eventually(() => healthyBinding(fed, 'web-deployment', ['usa']))
  },
)
