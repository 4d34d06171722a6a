import { ListHostedZonesByNameCommand, Route53Client } from '@aws-sdk/client-route-53'
import { paceRequests } from '@meridian/dns'
import { hurryTimers } from '@meridian/lab-world/testing'
import { testJob } from '@meridian/runner/testing'
import { expect, test } from 'vitest'
import { countRequests } from '../src/change/count-requests.ts'

// No wait between tries.
hurryTimers(Number.POSITIVE_INFINITY)

test('a call that is sent again is one', async () => {
  const client = new Route53Client({
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  })
  let left = 3
  client.middlewareStack.add(
    () => async () => {
      left -= 1
      if (left > 0) throw Object.assign(new Error('Rate exceeded'), { name: 'Throttling' })
      return { output: { $metadata: {} }, response: {} }
    },
    { step: 'serialize', name: 'answer' },
  )
  const count = countRequests(paceRequests(testJob(), client))
  await client.send(new ListHostedZonesByNameCommand({}))
  expect([left, count]).toEqual([0, { reads: 1, writes: 0 }])
})
