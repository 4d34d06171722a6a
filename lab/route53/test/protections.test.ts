import {
  CreateResourceRecordSetProtectionsCommand,
  DeleteHostedZoneCommand,
  DeleteResourceRecordSetProtectionsCommand,
  ListResourceRecordSetProtectionsCommand,
  type ListResourceRecordSetProtectionsCommandInput,
  type ProtectionError,
  type RRType,
} from '@aws-sdk/client-route-53'
import { refusalOf } from '@meridian/lab-aws-protocol/testing'
import { expect, test } from 'vitest'
import { create, latency, openZone, record, remove, upsert } from '../testing/zone-fixture.ts'

const www = 'www.example.com'

async function openProtected(...names: [name: string, type: RRType, comment?: string][]) {
  const zone = await openZone()
  const HostedZoneId = zone.zone.id
  const { route53 } = zone
  const entry = ([RecordName, RecordType, Comment]: (typeof names)[number]) => ({
    RecordName,
    RecordType,
    Comment,
  })
  const protect = (...entries: typeof names) =>
    route53.send(
      new CreateResourceRecordSetProtectionsCommand({ HostedZoneId, Protections: entries.map(entry) }),
    )
  if (names.length > 0) await protect(...names)
  return {
    ...zone,
    protect,
    release: (...entries: typeof names) =>
      route53.send(
        new DeleteResourceRecordSetProtectionsCommand({ HostedZoneId, Protections: entries.map(entry) }),
      ),
    list: (more: Partial<ListResourceRecordSetProtectionsCommandInput> = {}) =>
      route53.send(new ListResourceRecordSetProtectionsCommand({ HostedZoneId, ...more })),
  }
}

/** `name type code` of each entry that a refusal lists. */
async function entriesOf(promise: Promise<unknown>) {
  const error = await promise.then(
    () => undefined,
    (error: Error & { Errors?: ProtectionError[] }) => error,
  )
  const entries = error?.Errors?.map(
    ({ RecordName, RecordType, Code }) => `${RecordName} ${RecordType} ${Code}`,
  )
  return [error?.name, ...(entries ?? [])]
}

test.each([
  ['CREATE', create(latency(www, 'us-east-1'))],
  ['UPSERT', upsert(latency(www, 'eu-west-1', { TTL: 5 }))],
  ['DELETE', remove(latency(www, 'eu-west-1'))],
])('a protected name and type makes a batch with its %s fail as a whole', async (_, change) => {
  const { build, change: send, protect, names } = await openProtected()
  await build(create(latency(www, 'eu-west-1')))
  await protect([www, 'CNAME', 'ask the web team'])

  const refusal = await refusalOf(send(create(record('a.example.com', 'A', '192.0.2.1')), change))

  expect(refusal.name).toBe('InvalidChangeBatch')
  expect(refusal.message).toContain('www.example.com., type CNAME is protected (comment: ask the web team)')
  expect(await names()).toEqual(['www.example.com. CNAME eu-west-1'])
})

test('other types and names beside a protection change as ever, and a released one too', async () => {
  const { build, release, names } = await openProtected([www, 'A'])
  await build(create(record(www, 'TXT', '"x"')), create(record(`a.${www}`, 'A', '192.0.2.1')))

  await release([www, 'A'])
  await build(create(record(www, 'A', '192.0.2.1')))

  expect(await names()).toHaveLength(3)
})

test('a zone with protections cannot be deleted', async () => {
  const { route53, zone, release } = await openProtected([www, 'A'])
  const drop = () => route53.send(new DeleteHostedZoneCommand({ Id: zone.id }))

  expect(await refusalOf(drop())).toMatchObject({ name: 'HostedZoneNotEmpty', status: 400 })
  await release([www, 'A'])
  await drop()
})

test('protections are listed in the order of record sets, page by page', async () => {
  const { list } = await openProtected(
    ['b.example.com', 'TXT'],
    ['*.example.com', 'A'],
    ['b.example.com', 'A', 'c'],
  )
  const first = await list({ MaxResults: 2 })
  const second = await list({ NextToken: first.NextToken, StartRecordName: 'ignored.example.com' })
  const text = (page: typeof first) =>
    page.ResourceRecordSetProtections?.map(one => [one.RecordName, one.RecordType, one.Comment])

  expect(text(first)).toEqual([
    ['\\052.example.com.', 'A', undefined],
    ['b.example.com.', 'A', 'c'],
  ])
  expect(text(second)).toEqual([['b.example.com.', 'TXT', undefined]])
  expect(second.NextToken).toBeUndefined()
  expect(text(await list({ StartRecordName: 'b.example.com', StartRecordType: 'NS' }))).toEqual(text(second))
})

test('when every entry exists already it is ProtectionAlreadyExists, else the batch is invalid', async () => {
  const { protect, list } = await openProtected([www, 'A'])

  expect(await entriesOf(protect([www, 'A']))).toEqual([
    'ProtectionAlreadyExists',
    'www.example.com. A ProtectionAlreadyExists',
  ])
  expect(await entriesOf(protect([www, 'A'], [www, 'AAAA']))).toEqual([
    'InvalidResourceRecordSetProtectionBatch',
    'www.example.com. A ProtectionAlreadyExists',
  ])
  expect((await list()).ResourceRecordSetProtections).toHaveLength(1)
})

test('entries that make no sense are told before those that exist', async () => {
  const { protect } = await openProtected([www, 'A'])

  expect(
    await entriesOf(
      protect(
        [www, 'A'],
        ['www.example.org', 'A'],
        ['a.example.com', 'TXT'],
        ['A.example.com.', 'TXT'],
        [www, 'DNAME' as 'A'],
      ),
    ),
  ).toEqual([
    'InvalidResourceRecordSetProtectionBatch',
    'www.example.org. A InvalidInput',
    'a.example.com. TXT InvalidInput',
    'www.example.com. DNAME InvalidInput',
  ])
})

test('a protection that is not there cannot be released, and nothing of the request is', async () => {
  const { release, list } = await openProtected([www, 'A'])

  expect(await entriesOf(release([www, 'A'], [www, 'AAAA']))).toEqual([
    'InvalidResourceRecordSetProtectionBatch',
    'www.example.com. AAAA ProtectionNotFound',
  ])
  expect((await list()).ResourceRecordSetProtections).toHaveLength(1)
})

test('a request has 1 to 100 entries, a token is one of ours, a type needs a name', async () => {
  const { protect, list } = await openProtected()
  const many = Array.from({ length: 101 }, (_, index): [string, RRType] => [`n${index}.example.com`, 'A'])

  expect((await refusalOf(protect())).name).toBe('InvalidInput')
  expect((await refusalOf(protect(...many))).name).toBe('InvalidInput')
  expect((await refusalOf(list({ NextToken: 'x' }))).name).toBe('InvalidPaginationToken')
  expect((await refusalOf(list({ StartRecordType: 'A' }))).name).toBe('InvalidInput')
})

test('a busy zone refuses protections, too', async () => {
  const { protect, zone } = await openProtected()
  zone.busyUntil = Number.POSITIVE_INFINITY

  expect((await refusalOf(protect([www, 'A']))).name).toBe('PriorRequestNotComplete')
})
