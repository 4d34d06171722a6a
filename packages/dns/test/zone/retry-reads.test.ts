import { GetChangeCommand, ListHostedZonesByNameCommand, type Route53Client } from '@aws-sdk/client-route-53'
import { testJob } from '@meridian/runner/testing'
import { afterEach, expect, test, vi } from 'vitest'
import { retryReads } from '../../src/zone/retry-reads.ts'
import { openRoute53 } from '../lab-route53.ts'

// No wait between tries.
vi.spyOn(Math, 'random').mockReturnValue(0)
afterEach(() => void vi.clearAllMocks())

const read = (client: Route53Client) =>
  retryReads(testJob(), client).send(new ListHostedZonesByNameCommand({}))

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

test('the wait for a change has its own patience', async () => {
  await using lab = await openRoute53()
  const fault = lab.world.faults.requests.plan({ failure: 'throttle', nth: 1, times: 20 })
  await expect(retryReads(testJob(), lab.client).send(new GetChangeCommand({ Id: 'C1' }))).rejects.toThrow(
    'Rate exceeded',
  )
  expect(fault.struck()).toBe(1)
})
