import {
  CreateHostedZoneCommand,
  DeleteHostedZoneCommand,
  GetHostedZoneCommand,
  ListHostedZonesByNameCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
  type ListResourceRecordSetsCommandOutput,
} from '@aws-sdk/client-route-53'
import { refusalOf } from '@meridian/lab-aws-protocol/testing'
import { expect, test } from 'vitest'
import { openRoute53 } from '../testing/open-route53.ts'
import { create, latency, openZone, record } from '../testing/zone-fixture.ts'

test('record sets come by reversed labels, then type, then identifier', async () => {
  const zone = await openZone()
  await zone.change(
    create(record('b.example.com', 'TXT', '"x"')),
    create(record('b.example.com', 'A', '192.0.2.1')),
    create(record('z.a.example.com', 'A', '192.0.2.1')),
    create(latency('c.example.com', 'us-east-1')),
    create(latency('c.example.com', 'eu-west-1')),
    create(record('a-b.example.com', 'A', '192.0.2.1')),
    create(record('a.example.com', 'A', '192.0.2.1')),
    create(record('*.example.com', 'A', '192.0.2.1')),
  )

  expect(await zone.names()).toEqual([
    '\\052.example.com. A',
    'a-b.example.com. A',
    'a.example.com. A',
    'z.a.example.com. A',
    'b.example.com. A',
    'b.example.com. TXT',
    'c.example.com. CNAME eu-west-1',
    'c.example.com. CNAME us-east-1',
  ])
})

test('an octal escape and the character itself name the same record', async () => {
  const zone = await openZone()
  await zone.build(create(record('*.example.com', 'A', '192.0.2.1')))

  const refusal = await refusalOf(zone.change(create(record('\\052.example.com', 'A', '192.0.2.1'))))

  expect(refusal.message).toContain('but it already exists')
})

test('paging one by one goes through a latency group by its identifiers', async () => {
  const zone = await openZone()
  await zone.change(
    ...['us-east-1', 'eu-west-1', 'ap-northeast-1'].map(region => create(latency('w.example.com', region))),
  )
  const seen: string[] = []
  let start: Partial<ListResourceRecordSetsCommandInput> | undefined = {}
  while (start) {
    const command = new ListResourceRecordSetsCommand({ HostedZoneId: zone.zone.id, MaxItems: 1, ...start })
    const page: ListResourceRecordSetsCommandOutput = await zone.route53.send(command)
    seen.push(
      ...(page.ResourceRecordSets ?? []).map(({ Type, SetIdentifier }) => SetIdentifier ?? Type ?? ''),
    )
    start = page.IsTruncated
      ? {
          StartRecordName: page.NextRecordName,
          StartRecordType: page.NextRecordType,
          StartRecordIdentifier: page.NextRecordIdentifier,
        }
      : undefined
  }

  expect(seen).toEqual(['NS', 'SOA', 'ap-northeast-1', 'eu-west-1', 'us-east-1'])
})

test('a page holds at most 300 record sets', async () => {
  const zone = await openZone()
  await zone.change(
    ...Array.from({ length: 310 }, (_, index) => create(record(`n${index}.example.com`, 'A', '192.0.2.1'))),
  )

  const command = new ListResourceRecordSetsCommand({ HostedZoneId: zone.zone.id, MaxItems: 1000 })
  const page = await zone.route53.send(command)

  expect(page.ResourceRecordSets).toHaveLength(300)
  expect(page).toMatchObject({ IsTruncated: true, MaxItems: 300 })
})

test('a listing may start at a name that does not exist', async () => {
  const zone = await openZone()
  await zone.change(
    create(record('a.example.com', 'A', '192.0.2.1')),
    create(record('c.example.com', 'A', '192.0.2.1')),
  )

  const command = new ListResourceRecordSetsCommand({
    HostedZoneId: zone.zone.id,
    StartRecordName: 'b.example.com',
  })
  const page = await zone.route53.send(command)

  expect(page.ResourceRecordSets?.map(({ Name }) => Name)).toEqual(['c.example.com.'])
})

test('a listing that starts at a type needs a name', async () => {
  const zone = await openZone()
  const command = new ListResourceRecordSetsCommand({ HostedZoneId: zone.zone.id, StartRecordType: 'A' })

  expect((await refusalOf(zone.route53.send(command))).name).toBe('InvalidInput')
})

test('ListHostedZonesByName answers everything from the name on, not only the name', async () => {
  const { aws, route53 } = await openRoute53()
  for (const name of ['b.org', 'a.example.com', 'example.com', 'b.com', 'a.org']) aws.route53.addZone(name)

  const first = await route53.send(new ListHostedZonesByNameCommand({ DNSName: 'example.com', MaxItems: 2 }))
  const second = await route53.send(
    new ListHostedZonesByNameCommand({ DNSName: first.NextDNSName, HostedZoneId: first.NextHostedZoneId }),
  )

  expect(first.HostedZones?.map(({ Name }) => Name)).toEqual(['example.com.', 'a.example.com.'])
  expect(first.IsTruncated).toBe(true)
  expect(second.HostedZones?.map(({ Name }) => Name)).toEqual(['a.org.', 'b.org.'])
})

test('zones are listed in pages', async () => {
  const { aws, route53 } = await openRoute53()
  for (const name of ['a.com', 'b.com', 'c.com']) aws.route53.addZone(name)

  const first = await route53.send(new ListHostedZonesCommand({ MaxItems: 2 }))
  const second = await route53.send(new ListHostedZonesCommand({ Marker: first.NextMarker }))

  expect(first.HostedZones?.map(({ Name }) => Name)).toEqual(['a.com.', 'b.com.'])
  expect(second.HostedZones?.map(({ Name }) => Name)).toEqual(['c.com.'])
})

test('a public zone names four name servers, a private one none', async () => {
  const { aws, route53 } = await openRoute53()
  const open = aws.route53.addZone('example.com')
  const closed = aws.route53.addZone('example.com', { private: true })
  const ask = (Id: string) => route53.send(new GetHostedZoneCommand({ Id }))

  expect((await ask(open.id)).DelegationSet?.NameServers).toHaveLength(4)
  expect((await ask(closed.id)).DelegationSet).toBeUndefined()
})

test('a zone is made once per caller reference and deleted only when it is empty', async () => {
  const { route53 } = await openRoute53()
  const make = new CreateHostedZoneCommand({ Name: 'example.com', CallerReference: 'once' })
  const { HostedZone, DelegationSet } = await route53.send(make)

  expect(DelegationSet?.NameServers).toHaveLength(4)
  expect((await refusalOf(route53.send(make))).name).toBe('HostedZoneAlreadyExists')
  const { ChangeInfo } = await route53.send(new DeleteHostedZoneCommand({ Id: HostedZone?.Id }))
  expect(ChangeInfo?.Status).toBe('PENDING')
})

test('private zones are listed alone on request, and a marker must be one of ours', async () => {
  const { aws, route53 } = await openRoute53()
  for (const name of ['a.example', 'b.example']) aws.route53.addZone(name)
  aws.route53.addZone('inside.example', { private: true })
  const inside = await route53.send(new ListHostedZonesCommand({ HostedZoneType: 'PrivateHostedZone' }))

  expect(inside.HostedZones?.map(({ Name }) => Name)).toEqual(['inside.example.'])
  const foreign = new ListHostedZonesCommand({ Marker: 'Z0' })
  expect((await refusalOf(route53.send(foreign))).name).toBe('InvalidInput')
})

test('a delegation set that nobody made is refused', async () => {
  const { route53 } = await openRoute53()
  const make = new CreateHostedZoneCommand({
    Name: 'example.com',
    CallerReference: 'once',
    DelegationSetId: 'N1',
  })

  expect((await refusalOf(route53.send(make))).name).toBe('NoSuchDelegationSet')
})

test('a zone with records cannot be deleted', async () => {
  const zone = await openZone()
  await zone.build(create(record('a.example.com', 'A', '192.0.2.1')))

  const refusal = await refusalOf(zone.route53.send(new DeleteHostedZoneCommand({ Id: zone.zone.id })))

  expect(refusal.name).toBe('HostedZoneNotEmpty')
})
