import {
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  ListHostedZonesByNameCommand,
  type Route53Client,
} from '@aws-sdk/client-route-53'
import { testJob } from '@meridian/runner/testing'
import { afterEach, expect, test, vi } from 'vitest'
import { paceRequests } from '../../src/zone/pace-requests.ts'
import { openRoute53 } from '../lab-route53.ts'

// No wait between tries.
vi.mock('node:timers/promises', async original => ({
  ...(await original<object>()),
  setTimeout: async () => {},
}))
afterEach(() => void vi.clearAllMocks())

const read = (client: Route53Client) =>
  paceRequests(testJob(), client).send(new ListHostedZonesByNameCommand({}))

test('throttling is outlasted for longer than the SDK would', async () => {
  await using lab = await openRoute53()
  lab.world.faults.requests.plan({ failure: 'throttle', nth: 1, times: 20 })
  expect((await read(lab.client)).HostedZones?.length).toBe(1)
})

test('a server that keeps failing is told of after a few tries', async () => {
  await using lab = await openRoute53()
  const fault = lab.world.faults.requests.plan({ failure: 'error', nth: 1, times: 20 })
  await expect(read(lab.client)).rejects.toThrow('internal error')
  expect(fault.struck()).toBe(6)
})

test('a clock that is twenty minutes wrong is set right by the first answer', async () => {
  await using lab = await openRoute53(['clock-skew:20'])
  expect((await read(lab.client)).HostedZones?.length).toBe(1)
})

test.each([
  [
    'a change',
    new ChangeResourceRecordSetsCommand({ HostedZoneId: 'Z0', ChangeBatch: { Changes: [] } }),
    'NoSuchHostedZone',
  ],
  ['the question after one', new GetChangeCommand({ Id: 'C1' }), 'NoSuchChange'],
])('%s outlasts it too, since what is refused is not carried out', async (_, command, name) => {
  await using lab = await openRoute53()
  const fault = lab.world.faults.requests.plan({ failure: 'throttle', nth: 1, times: 20 })
  await expect(paceRequests(testJob(), lab.client).send(command as GetChangeCommand)).rejects.toMatchObject({
    name,
  })
  expect(fault.struck()).toBe(20)
})

test.each(['error', 'busy', 'reset-before'] as const)(
  'a write that fails by %s is for who sent it',
  async failure => {
    await using lab = await openRoute53()
    const fault = lab.world.faults.requests.plan({ failure, nth: 1, times: 20 })
    const command = new ChangeResourceRecordSetsCommand({
      HostedZoneId: lab.zone.id,
      ChangeBatch: { Changes: [] },
    })
    await expect(paceRequests(testJob(), lab.client).send(command)).rejects.toThrow()
    expect(fault.struck()).toBe(1)
  },
)

test('what is refused at the end of the job is told', async () => {
  await using lab = await openRoute53()
  lab.world.faults.requests.plan({ failure: 'throttle', nth: 1, times: 20 })
  const job = { ...testJob(), deadline: Date.now() - 1 }
  await expect(paceRequests(job, lab.client).send(new ListHostedZonesByNameCommand({}))).rejects.toThrow(
    'Rate exceeded',
  )
})
