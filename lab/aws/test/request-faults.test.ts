import { DescribeVpcsCommand } from '@aws-sdk/client-ec2'
import { ListHostedZonesCommand } from '@aws-sdk/client-route-53'
import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { refusalOf } from '@meridian/lab-aws-protocol/testing'
import { create, record } from '@meridian/lab-route53/testing'
import type { Failure } from '@meridian/lab-world'
import { expect, test } from 'vitest'
import { openAccount } from './open-account.ts'
import { openZone } from './open-zone.ts'

const www = 'www.example.com'

test.each<[Failure, string, 'carried out' | 'not carried out']>([
  ['throttle', 'Throttling', 'not carried out'],
  ['busy', 'PriorRequestNotComplete', 'not carried out'],
  ['error', 'InternalFailure', 'not carried out'],
  ['unavailable', 'ServiceUnavailable', 'not carried out'],
  ['gateway', 'Unknown', 'not carried out'],
  ['reset-before', 'TimeoutError', 'not carried out'],
  ['reset-after', 'TimeoutError', 'carried out'],
  ['truncate', 'Error', 'carried out'],
])('%s: its client sees %s, and the change is %s', async (failure, name, outcome) => {
  const zone = await openZone()
  const fault = zone.world.faults.requests.plan({ failure, nth: 1 })

  expect((await refusalOf(zone.change(create(record(www, 'A', '192.0.2.1'))))).name).toBe(name)

  expect(fault.struck()).toBe(1)
  expect(await zone.names()).toHaveLength(outcome === 'carried out' ? 1 : 0)
  expect(zone.world.requests.all()[0]).toMatchObject({ operation: 'ChangeResourceRecordSets', failure })
})

test.each<[Failure, number]>([
  ['hang', 0],
  ['hang-after', 1],
])('%s: its client waits until he gives up, and %i changes are carried out', async (failure, changes) => {
  const zone = await openZone()
  zone.world.faults.requests.plan({ failure, nth: 1 })
  const patience = AbortSignal.timeout(150)

  const change = zone.changeWithin(patience, create(record(www, 'A', '192.0.2.1')))

  expect((await refusalOf(change)).name).toBe('AbortError')
  expect(await zone.names()).toHaveLength(changes)
})

test('a fault strikes the nth of the requests that match it, and so many after it', async () => {
  const { route53, sts, world } = await openAccount()
  const identify = () => sts.send(new GetCallerIdentityCommand({}))
  const fault = world.faults.requests.plan({ failure: 'error', service: 'sts', nth: 2, times: 2 })

  await route53.send(new ListHostedZonesCommand({}))
  await identify()
  await refusalOf(identify())
  await route53.send(new ListHostedZonesCommand({}))
  await refusalOf(identify())
  await identify()

  expect(fault.struck()).toBe(2)
})

test('a fault beyond the last request has not struck, and can be forgotten', async () => {
  const { sts, world } = await openAccount()
  const identify = () => sts.send(new GetCallerIdentityCommand({}))
  const fault = world.faults.requests.plan({ failure: 'error', operation: 'GetCallerIdentity', nth: 2 })

  await identify()
  expect(fault.struck()).toBe(0)
  world.faults.requests.clear()
  await identify()

  expect(fault.struck()).toBe(0)
})

test('every service refuses in its own words', async () => {
  const { s3, sts, ec2, world } = await openAccount()
  const namesOf = async (failure: Failure) => {
    world.faults.requests.plan({ failure, nth: 1, times: 3 })
    const asked = [
      s3().send(new CreateBucketCommand({ Bucket: 'some-bucket' })),
      sts.send(new GetCallerIdentityCommand({})),
      ec2().send(new DescribeVpcsCommand({})),
    ]
    return (await Promise.all(asked.map(refusalOf))).map(({ name }) => name)
  }

  expect(await namesOf('throttle')).toEqual(['SlowDown', 'Throttling', 'RequestLimitExceeded'])
  expect(await namesOf('busy')).toEqual(['OperationAborted', 'ServiceUnavailable', 'ServiceUnavailable'])
  expect(await namesOf('error')).toEqual(['InternalError', 'InternalFailure', 'InternalError'])
})
