import {
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  ListHostedZonesCommand,
} from '@aws-sdk/client-route-53'
import { refusalOf } from '@meridian/lab-aws-protocol/testing'
import { expect, test } from 'vitest'
import { create, latency, openZone, record, remove, upsert } from '../testing/zone-fixture.ts'

const www = 'www.example.com'

test('a batch that fails at its last change leaves nothing of the changes before it', async () => {
  const zone = await openZone()

  const refusal = await refusalOf(
    zone.change(
      create(record('a.example.com', 'A', '192.0.2.1')),
      create(record('b.example.com', 'A', 'no address')),
    ),
  )

  expect(refusal.name).toBe('InvalidChangeBatch')
  expect(await zone.names()).toEqual([])
})

test('every problem of a batch is named in one message', async () => {
  const zone = await openZone()

  const { message } = await refusalOf(
    zone.change(
      remove(record('a.example.com', 'A', '192.0.2.1')),
      remove(record('b.example.com', 'A', '192.0.2.1')),
    ),
  )

  expect(message).toMatch(
    /^\[Tried.*name='a\.example\.com\.'.* but it was not found, Tried.*name='b\.example\.com\.'/,
  )
})

test('a latency group and its owner mark come and go in one batch', async () => {
  const zone = await openZone()
  const group = [
    latency(www, 'us-east-1'),
    latency(www, 'eu-west-1'),
    record('_meridian.www.example.com', 'TXT', '"heritage=meridian"'),
  ]

  await zone.change(...group.map(create))
  expect(await zone.names()).toEqual([
    'www.example.com. CNAME eu-west-1',
    'www.example.com. CNAME us-east-1',
    '_meridian.www.example.com. TXT',
  ])
  await zone.world.clock.sleep(1)
  await zone.change(...group.map(remove))
  expect(await zone.names()).toEqual([])
})

test('DELETE before CREATE changes the identifier of a region in one batch', async () => {
  const zone = await openZone()
  await zone.build(create(latency(www, 'eu-west-1')))

  await zone.change(
    remove(latency(www, 'eu-west-1')),
    create(latency(www, 'eu-west-1', { SetIdentifier: 'eur' })),
  )

  expect(await zone.names()).toEqual(['www.example.com. CNAME eur'])
})

test('an UPSERT may move an identifier to another region', async () => {
  const zone = await openZone()
  await zone.build(create(latency(www, 'eu-west-1', { SetIdentifier: 'app' })))

  await zone.change(upsert(latency(www, 'eu-west-2', { SetIdentifier: 'app' })))

  expect(zone.zone.records.at('www.example.com.')).toMatchObject([{ region: 'eu-west-2' }])
})

test('a DELETE does not care about the order of the values or the case of the name', async () => {
  const zone = await openZone()
  await zone.build(create(record(www, 'A', '192.0.2.1', '192.0.2.2')))

  await zone.change(remove(record('WWW.Example.COM.', 'A', '192.0.2.2', '192.0.2.1')))

  expect(await zone.names()).toEqual([])
})

test('a change is PENDING first and INSYNC after about 30 seconds of the world', async () => {
  const zone = await openZone({ scale: 1 })
  const { ChangeInfo } = await zone.change(create(record(www, 'A', '192.0.2.1')))
  const ask = () => zone.route53.send(new GetChangeCommand({ Id: ChangeInfo?.Id }))

  expect(ChangeInfo?.Status).toBe('PENDING')
  zone.world.clock.skip(31)

  expect((await ask()).ChangeInfo?.Status).toBe('INSYNC')
})

test.each([
  ['slow-changes', 'PENDING'],
  ['stuck-changes', 'PENDING'],
  ['lost-changes', 'NoSuchChange'],
])('as a fault, %s: long after a change its status is %s', async (fault, outcome) => {
  const zone = await openZone({ scale: 1, faults: [fault] })
  const { ChangeInfo } = await zone.change(create(record(www, 'A', '192.0.2.1')))
  zone.world.clock.skip(31)

  const asked = zone.route53.send(new GetChangeCommand({ Id: ChangeInfo?.Id }))

  expect(
    await asked.then(
      answer => answer.ChangeInfo?.Status,
      (error: Error) => error.name,
    ),
  ).toBe(outcome)
})

test('the status of a change that nobody made is NoSuchChange', async () => {
  const zone = await openZone()

  const refusal = await refusalOf(zone.route53.send(new GetChangeCommand({ Id: 'C2682N5HXP0BZ4' })))

  expect(refusal).toMatchObject({ name: 'NoSuchChange', status: 404 })
})

test('a change of a zone that is still busy with another is PriorRequestNotComplete', async () => {
  const zone = await openZone({ scale: 1 })
  await zone.change(create(record('a.example.com', 'A', '192.0.2.1')))
  zone.zone.busyUntil = Number.POSITIVE_INFINITY

  const refusal = await refusalOf(zone.change(create(record('b.example.com', 'A', '192.0.2.1'))))

  expect(refusal).toMatchObject({ name: 'PriorRequestNotComplete', status: 400 })
})

test('a busy zone as a fault refuses three changes and then accepts', async () => {
  const zone = await openZone({ faults: ['busy-zone'] })
  const change = () => zone.change(upsert(record(www, 'A', '192.0.2.1')))

  for (let round = 0; round < 3; round += 1)
    expect((await refusalOf(change())).name).toBe('PriorRequestNotComplete')

  expect((await change()).ChangeInfo?.Status).toBe('PENDING')
})

/** What is refused of requests that all arrive before time passes. */
async function sendAtOnce({ world, route53 }: Awaited<ReturnType<typeof openZone>>, count: number) {
  world.faults.requests.plan({ nth: count, onStrike: () => setImmediate(() => world.clock.skip(1)) })
  const asked = Array.from({ length: count }, () => route53.send(new ListHostedZonesCommand({})))
  return (await Promise.allSettled(asked)).filter(outcome => outcome.status === 'rejected')
}

test('more than five requests in a second of the world are throttled', async () => {
  const refused = await sendAtOnce(await openZone({ scale: 0.001 }), 12)

  expect(refused).toHaveLength(7)
  expect(refused[0]?.reason).toMatchObject({ name: 'Throttling', message: 'Rate exceeded' })
})

test('records other than NS and SOA of the zone are in the inventory while they exist', async () => {
  const zone = await openZone()
  await zone.build(create(latency(www, 'eu-west-1')))
  expect(zone.world.inventory.list({ type: 'record-set' })).toMatchObject([
    { name: 'www.example.com.', region: 'eu-west-1' },
  ])

  await zone.build(remove(latency(www, 'eu-west-1')))

  expect(zone.world.inventory.list()).toEqual([])
})

test('a batch of the largest size is taken', async () => {
  const zone = await openZone()
  const records = Array.from({ length: 1000 }, (_, index) =>
    record(`n${index}.example.com`, 'TXT', `"value ${index}"`),
  )

  await zone.change(...records.map(create))

  expect(zone.zone.records.all()).toHaveLength(1002)
})

test('a zone that does not exist is NoSuchHostedZone', async () => {
  const { route53 } = await openZone()
  const change = new ChangeResourceRecordSetsCommand({
    HostedZoneId: 'Z0',
    ChangeBatch: { Changes: [create(record(www, 'A', '192.0.2.1'))] },
  })

  expect(await refusalOf(route53.send(change))).toMatchObject({ name: 'NoSuchHostedZone', status: 404 })
})

test.each([
  ['NS', 'A HostedZone must contain at least one NS record for the zone itself.'],
  ['SOA', 'A HostedZone must contain exactly one SOA record.'],
] as const)('the %s record of a zone cannot be removed', async (type, message) => {
  const zone = await openZone()
  const [current] = zone.zone.records.at('example.com.').filter(found => found.type === type)

  const refusal = await refusalOf(
    zone.change(remove({ ...record('example.com', type, ...(current?.values ?? [])), TTL: current?.ttl })),
  )

  expect(refusal).toMatchObject({ name: 'InvalidChangeBatch', message: `[${message}]` })
})

test('as a fault others use up most of the requests per second', async () => {
  const zone = await openZone({ scale: 0.001, faults: ['throttle-route53'] })

  expect(await sendAtOnce(zone, 3)).toHaveLength(2)
})
