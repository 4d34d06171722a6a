import type { Change } from '@aws-sdk/client-route-53'
import { refusalOf } from '@meridian/lab-aws-protocol/testing'
import { expect, test } from 'vitest'
import { create, latency, openZone, record, remove, upsert } from '../testing/zone-fixture.ts'

const www = 'www.example.com'

type Refusal = { what: string; given?: Change[]; batch: Change[]; name?: string; message: string }

const refusals: Refusal[] = [
  {
    what: 'a second latency record of a region',
    given: [create(latency(www, 'eu-west-1'))],
    batch: [create(latency(www, 'eu-west-1', { SetIdentifier: 'other' }))],
    message:
      '[RRSet with DNS name www.example.com., type CNAME, SetIdentifier other, and Region Name=eu-west-1 cannot be created because a latency RRSet with the same name, type and region already exists.]',
  },
  {
    what: 'a latency record beside a weighted one',
    given: [create({ ...record(www, 'CNAME', 'a.example.net'), SetIdentifier: 'w', Weight: 1 })],
    batch: [create(latency(www, 'eu-west-1'))],
    message:
      '[RRSet with DNS name www.example.com., type CNAME, SetIdentifier eu-west-1, and Region Name=eu-west-1 cannot be created because a non-latency RRSet with the same name and type already exists.]',
  },
  {
    what: 'a latency record beside a simple one',
    given: [create(record(www, 'CNAME', 'a.example.net'))],
    batch: [create(latency(www, 'eu-west-1'))],
    message:
      '[RRSet with DNS name www.example.com., type CNAME, SetIdentifier eu-west-1, and Region Name=eu-west-1 cannot be created because a non-latency RRSet with the same name and type already exists.]',
  },
  {
    what: 'a simple record beside a latency one',
    given: [create(latency(www, 'eu-west-1'))],
    batch: [create(record(www, 'CNAME', 'a.example.net'))],
    message:
      '[RRSet with DNS name www.example.com., type CNAME cannot be created as other RRSets exist with the same name and type.]',
  },
  {
    what: 'two values in a latency record',
    batch: [create({ ...latency(www, 'eu-west-1'), ...record(www, 'A', '192.0.2.1', '192.0.2.2') })],
    message:
      '[RRSet with DNS name www.example.com., type A, SetIdentifier eu-west-1, and Region Name=eu-west-1 must contain exactly one ResourceRecord]',
  },
  {
    what: 'an identifier that is already used',
    given: [create(latency(www, 'eu-west-1'))],
    batch: [create(latency(www, 'us-east-1', { SetIdentifier: 'eu-west-1' }))],
    message:
      "[Tried to create resource record set [name='www.example.com.', type='CNAME', set-identifier='eu-west-1'] but it already exists]",
  },
  {
    what: 'a region that does not exist',
    batch: [create(latency(www, 'mars-1'))],
    name: 'InvalidInput',
    message:
      "1 validation error detected: Value 'mars-1' at 'changeBatch.changes.1.member.resourceRecordSet.region' failed to satisfy constraint: Member must satisfy enum value set: [us-east-1, us-east-2",
  },
  {
    what: 'a region without an identifier',
    batch: [create(latency(www, 'eu-west-1', { SetIdentifier: undefined }))],
    name: 'InvalidInput',
    message:
      "Invalid request: Missing field 'SetIdentifier' in Change with [Action=CREATE, Name=www.example.com., Type=CNAME, SetIdentifier=null]",
  },
  {
    what: 'an identifier without a policy',
    batch: [remove({ ...record(www, 'A', '192.0.2.1'), SetIdentifier: 'x' })],
    name: 'InvalidInput',
    message:
      'Invalid request: Expected exactly one of [Weight, Region, Failover, GeoLocation, or MultiValueAnswer], but found none in Change with [Action=DELETE, Name=www.example.com., Type=A, SetIdentifier=x]',
  },
  {
    what: 'two policies at once',
    batch: [create(latency(www, 'eu-west-1', { Weight: 1 }))],
    name: 'InvalidInput',
    message: 'but found more than one in Change with',
  },
  {
    what: 'a record without values',
    batch: [create({ Name: www, Type: 'A' })],
    name: 'InvalidInput',
    message:
      'Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found none',
  },
  {
    what: 'a batch without changes',
    batch: [],
    name: 'InvalidInput',
    message: 'Member must have length greater than or equal to 1',
  },
  {
    what: 'a CNAME at the apex',
    batch: [create(record('example.com', 'CNAME', 'a.example.net'))],
    message: '[RRSet of type CNAME with DNS name example.com. is not permitted at apex in zone example.com.]',
  },
  {
    what: 'a CNAME beside another type',
    given: [create(record(www, 'A', '192.0.2.1'))],
    batch: [create(record(www, 'CNAME', 'a.example.net'))],
    message:
      '[RRSet of type CNAME with DNS name www.example.com. is not permitted as it conflicts with other records with the same DNS name in zone example.com.]',
  },
  {
    what: 'another type beside a CNAME',
    given: [create(record(www, 'CNAME', 'a.example.net'))],
    batch: [create(record(www, 'TXT', '"x"'))],
    message:
      '[RRSet of type TXT with DNS name www.example.com. is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone example.com.]',
  },
  {
    what: 'a CREATE of what exists',
    given: [create(record(www, 'A', '192.0.2.1'))],
    batch: [create(record(www, 'A', '192.0.2.2'))],
    message:
      "[Tried to create resource record set [name='www.example.com.', type='A'] but it already exists]",
  },
  {
    what: 'a DELETE of what does not exist',
    batch: [remove(record(www, 'A', '192.0.2.1'))],
    message: "[Tried to delete resource record set [name='www.example.com.', type='A'] but it was not found]",
  },
  {
    what: 'a DELETE with other values',
    given: [create(record(www, 'A', '192.0.2.1'))],
    batch: [remove(record(www, 'A', '192.0.2.2'))],
    message:
      "[Tried to delete resource record set [name='www.example.com.', type='A'] but the values provided do not match the current values]",
  },
  {
    what: 'a DELETE with another TTL',
    given: [create(record(www, 'A', '192.0.2.1'))],
    batch: [remove({ ...record(www, 'A', '192.0.2.1'), TTL: 300 })],
    message: 'but the values provided do not match the current values',
  },
  {
    what: 'the same DELETE twice in a batch',
    given: [create(record(www, 'A', '192.0.2.1'))],
    batch: [remove(record(www, 'A', '192.0.2.1')), remove(record(www, 'A', '192.0.2.1'))],
    message: 'but it was not found',
  },
  {
    what: 'a CREATE that comes before the DELETE that makes room',
    given: [create(record(www, 'A', '192.0.2.1'))],
    batch: [create(record(www, 'CNAME', 'a.example.net')), remove(record(www, 'A', '192.0.2.1'))],
    message: 'is not permitted as it conflicts with other records',
  },
  {
    what: 'a name outside the zone',
    batch: [create(record('www.example.org', 'A', '192.0.2.1'))],
    message: '[RRSet with DNS name www.example.org. is not permitted in zone example.com.]',
  },
  {
    what: 'an A record that is no address',
    batch: [create(record(www, 'A', 'elb.example.net'))],
    message:
      "[Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with 'elb.example.net'']",
  },
  {
    what: 'a TXT value without quotation marks',
    batch: [create(record(www, 'TXT', 'heritage=meridian'))],
    message: 'InvalidCharacterString (Value should be enclosed in quotation marks)',
  },
  {
    what: 'a TXT string of 256 characters',
    batch: [create(record(www, 'TXT', `"${'x'.repeat(256)}"`))],
    message: 'CharacterStringTooLong (Value is too long)',
  },
  {
    what: 'the same value twice',
    batch: [create(record(www, 'A', '192.0.2.1', '192.0.2.1'))],
    message: "[Duplicate Resource Record: '192.0.2.1']",
  },
  {
    what: 'a label of 64 characters',
    batch: [create(record(`${'x'.repeat(64)}.example.com`, 'A', '192.0.2.1'))],
    message: 'DomainLabelTooLong (Domain label is too long)',
  },
  {
    what: 'an alias whose target does not lie in the given zone',
    batch: [
      create({
        Name: www,
        Type: 'A',
        AliasTarget: {
          HostedZoneId: 'Z35SXDOTRQ7X7K',
          DNSName: 'app-1.eu-west-1.elb.amazonaws.com',
          EvaluateTargetHealth: false,
        },
      }),
    ],
    message:
      '[Tried to create an alias that targets app-1.eu-west-1.elb.amazonaws.com., type A in zone Z35SXDOTRQ7X7K, but the alias target name does not lie within the target zone]',
  },
  {
    what: 'a health check that does not exist',
    batch: [create(latency(www, 'eu-west-1', { HealthCheckId: '00000000-0000-0000-0000-000000000000' }))],
    name: 'NoSuchHealthCheck',
    message: 'A health check with id 00000000-0000-0000-0000-000000000000 does not exist.',
  },
  {
    what: 'an alias of another type than A and AAAA to a load balancer',
    batch: [
      create({
        Name: www,
        Type: 'TXT',
        AliasTarget: {
          HostedZoneId: 'Z32O12XQLNTSW2',
          DNSName: 'app-1.eu-west-1.elb.amazonaws.com',
          EvaluateTargetHealth: false,
        },
      }),
    ],
    message: 'but that target was not found',
  },
  {
    what: 'a second primary',
    given: [create({ ...record(www, 'A', '192.0.2.1'), SetIdentifier: 'a', Failover: 'PRIMARY' })],
    batch: [create({ ...record(www, 'A', '192.0.2.2'), SetIdentifier: 'b', Failover: 'PRIMARY' })],
    message: 'because a failover RRSet with the same name, type and failover PRIMARY already exists.',
  },
  {
    what: 'a TTL that is no 31-bit number',
    batch: [create({ ...record(www, 'A', '192.0.2.1'), TTL: 2_147_483_648 })],
    name: 'InvalidInput',
    message:
      "1 validation error detected: Value '2147483648' at 'changeBatch.changes.1.member.resourceRecordSet.tTL' failed to satisfy constraint: Member must have value less than or equal to 2147483647",
  },
  {
    what: 'an identifier of 129 characters',
    batch: [create(latency(www, 'eu-west-1', { SetIdentifier: 'x'.repeat(129) }))],
    name: 'InvalidInput',
    message:
      "'changeBatch.changes.1.member.resourceRecordSet.setIdentifier' failed to satisfy constraint: Member must have length less than or equal to 128",
  },
  {
    what: 'a weight above 255',
    batch: [create({ ...record(www, 'A', '192.0.2.1'), SetIdentifier: 'a', Weight: 256 })],
    name: 'InvalidInput',
    message: 'Member must have value less than or equal to 255',
  },
  {
    what: 'an MX value without preference',
    batch: [create(record(www, 'MX', 'mail.example.com'))],
    message: "Value is not of the form preference name) encountered with 'mail.example.com'",
  },
  {
    what: 'more than 1000 values',
    batch: Array.from({ length: 1001 }, (_, index) =>
      create(record(`n${index}.example.com`, 'A', '192.0.2.1')),
    ),
    message: '[Number of records limit of 1000 exceeded.]',
  },
  {
    what: 'more than 500 UPSERTs, which count twice',
    batch: Array.from({ length: 501 }, (_, index) =>
      upsert(record(`n${index}.example.com`, 'A', '192.0.2.1')),
    ),
    message: '[Number of records limit of 1000 exceeded.]',
  },
  {
    what: 'more than 32 000 characters',
    batch: Array.from({ length: 129 }, (_, index) =>
      create(record(`n${index}.example.com`, 'TXT', `"${'x'.repeat(250)}"`)),
    ),
    message: '[Number of characters limit of 32000 exceeded.]',
  },
]

test.each(refusals)('refuses $what', async ({ given = [], batch, name = 'InvalidChangeBatch', message }) => {
  const zone = await openZone()
  await zone.build(...given)
  const before = await zone.names()

  const refusal = await refusalOf(zone.change(...batch))

  expect(refusal.name).toBe(name)
  expect(refusal.message).toContain(message)
  expect(await zone.names()).toEqual(before)
})
