import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import { expect } from 'vitest'
import { create, latency, record, remove, upsert } from '../../testing/zone-fixture.ts'
import { type ContractCase, expectRefused } from './contract-case.ts'
import type { ContractZone } from './contract-zone.ts'

const at = ({ name }: ContractZone, label: string) => `${label}.${name}`
const a = (zone: ContractZone, label: string, value = '192.0.2.1') => record(at(zone, label), 'A', value)
const member = (zone: ContractZone, region: string, more: Partial<ResourceRecordSet> = {}) =>
  latency(at(zone, 'www'), region, more)

const unchecked = 'conflicts of latency records are not checked'
const cnameUnchecked = 'a CNAME may stand anywhere'

/** What a batch may do, and what it may not. */
export const recordCases: ContractCase[] = [
  {
    rule: 'a new zone has its SOA and the NS of four name servers',
    async run(zone) {
      const [ns, soa, ...rest] = await zone.list()
      expect(rest).toEqual([])
      expect(ns).toMatchObject({ Type: 'NS', Name: `${zone.name}.`, TTL: 172_800 })
      expect(ns?.ResourceRecords).toHaveLength(4)
      expect(soa?.ResourceRecords?.[0]?.Value).toMatch(/^\S+ \S+ 1 7200 900 1209600 86400$/)
    },
    deviations: { moto: 'the SOA is the text of a Python dict' },
  },
  {
    rule: 'CREATE, UPSERT and DELETE do what they say, and values come back as they were',
    async run(zone) {
      const txt = record(at(zone, 't'), 'TXT', '"say \\"hi\\"" "two"')
      await zone.build(create(txt), upsert({ ...txt, TTL: 5 }), create(a(zone, 'b')), remove(a(zone, 'b')))
      expect(await zone.names()).toEqual(['t TXT'])
      expect((await zone.list()).at(-1)).toMatchObject({ TTL: 5, ResourceRecords: txt.ResourceRecords })
    },
  },
  {
    rule: 'names are in lower case and have a final dot, however they were written',
    async run(zone) {
      await zone.build(create(a(zone, 'WWW')))
      expect((await zone.list()).at(-1)?.Name).toBe(`www.${zone.name}.`)
    },
    deviations: { moto: 'names stay as they were written', ministack: 'names stay as they were written' },
  },
  {
    rule: 'a latency group comes and goes in one batch',
    async run(zone) {
      const group = ['us-east-1', 'eu-west-1'].map(region => member(zone, region))
      await zone.build(create(a(zone, 'other')))
      await zone.change(...group.map(create))
      expect(await zone.names()).toHaveLength(3)
      await zone.change(...group.map(remove))
      expect(await zone.names()).toEqual(['other A'])
    },
  },
  {
    rule: 'DELETE before CREATE gives a region another identifier in one batch',
    async run(zone) {
      await zone.build(create(member(zone, 'eu-west-1')))
      await zone.change(
        remove(member(zone, 'eu-west-1')),
        create(member(zone, 'eu-west-1', { SetIdentifier: 'x' })),
      )
      expect(await zone.names()).toEqual(['www CNAME x'])
    },
  },
  {
    rule: 'an alias comes back as it was',
    async run(zone) {
      const AliasTarget = {
        HostedZoneId: 'Z32O12XQLNTSW2',
        DNSName: 'app-1.eu-west-1.elb.amazonaws.com.',
        EvaluateTargetHealth: true,
      }
      await zone.build(create({ Name: at(zone, 'app'), Type: 'A', AliasTarget }))
      expect((await zone.list()).at(-1)).toMatchObject({ AliasTarget })
    },
  },
  {
    rule: 'a batch that fails at its second change leaves nothing of the first',
    run: zone =>
      expectRefused(zone, 'InvalidChangeBatch', () =>
        zone.change(create(a(zone, 'a')), remove(a(zone, 'b'))),
      ),
    deviations: { moto: 'batches are not atomic, and a DELETE of nothing is a success' },
  },
  {
    rule: 'CREATE of what exists is refused, with other values too',
    async run(zone) {
      await zone.build(create(a(zone, 'a')))
      await expectRefused(zone, 'InvalidChangeBatch', () => zone.change(create(a(zone, 'a'))))
      await expectRefused(zone, 'InvalidChangeBatch', () => zone.change(create(a(zone, 'a', '192.0.2.2'))))
    },
    deviations: { moto: 'only an identical CREATE is refused' },
  },
  {
    rule: 'DELETE must repeat the values',
    async run(zone) {
      await zone.build(create(a(zone, 'a')))
      await expectRefused(zone, 'InvalidChangeBatch', () => zone.change(remove(a(zone, 'a', '192.0.2.2'))))
    },
    deviations: { moto: 'the code is InvalidInput' },
  },
  {
    rule: 'DELETE of what is gone is refused',
    async run(zone) {
      await zone.build(create(a(zone, 'a')), remove(a(zone, 'a')))
      await expectRefused(zone, 'InvalidChangeBatch', () => zone.change(remove(a(zone, 'a'))))
    },
    deviations: { moto: 'a journal is asked, not the records' },
  },
  {
    rule: 'DELETE with an identifier leaves other names with it alone',
    async run(zone) {
      const other = latency(at(zone, 'other'), 'eu-west-1')
      await zone.build(create(member(zone, 'eu-west-1')), create(other), remove(other))
      expect(await zone.names()).toEqual(['www CNAME eu-west-1'])
    },
    deviations: { moto: 'it removes every record of the zone with this identifier' },
  },
  {
    rule: 'a region is in a latency group once',
    async run(zone) {
      await zone.build(create(member(zone, 'eu-west-1')))
      const again = create(member(zone, 'eu-west-1', { SetIdentifier: 'again' }))
      await expectRefused(zone, 'InvalidChangeBatch', () => zone.change(again))
    },
    deviations: { moto: unchecked, ministack: unchecked },
  },
  {
    rule: 'a latency record does not stand beside a simple one',
    async run(zone) {
      await zone.build(create(record(at(zone, 'www'), 'CNAME', 'a.example.net')))
      await expectRefused(zone, 'InvalidChangeBatch', () => zone.change(create(member(zone, 'eu-west-1'))))
    },
    deviations: { moto: unchecked, ministack: unchecked },
  },
  {
    rule: 'a latency record has one value',
    run: zone =>
      expectRefused(zone, 'InvalidChangeBatch', () =>
        zone.change(
          create({ ...member(zone, 'eu-west-1'), ...record(at(zone, 'www'), 'A', '192.0.2.1', '192.0.2.2') }),
        ),
      ),
    deviations: { moto: unchecked, ministack: unchecked },
  },
  {
    rule: 'a region must exist',
    run: zone => expectRefused(zone, 'InvalidInput', () => zone.change(create(member(zone, 'mars-1')))),
    deviations: { moto: unchecked, ministack: unchecked },
  },
  {
    rule: 'no CNAME at the apex',
    run: zone =>
      expectRefused(zone, 'InvalidChangeBatch', () =>
        zone.change(create(record(zone.name, 'CNAME', 'a.example.net'))),
      ),
    deviations: { moto: cnameUnchecked, ministack: cnameUnchecked },
  },
  {
    rule: 'nothing beside a CNAME',
    async run(zone) {
      await zone.build(create(record(at(zone, 'www'), 'CNAME', 'a.example.net')))
      await expectRefused(zone, 'InvalidChangeBatch', () => zone.change(create(a(zone, 'www'))))
    },
    deviations: { moto: cnameUnchecked, ministack: cnameUnchecked },
  },
  {
    rule: 'an A record is an address',
    run: zone =>
      expectRefused(zone, 'InvalidChangeBatch', () => zone.change(create(a(zone, 'a', 'elb.example.net')))),
    deviations: { moto: 'values are not checked', ministack: 'values are not checked' },
  },
  {
    rule: 'a name outside the zone is refused',
    run: zone =>
      expectRefused(zone, 'InvalidChangeBatch', () =>
        zone.change(create(record('www.example.org', 'A', '192.0.2.1'))),
      ),
    deviations: { ministack: 'any name may be in any zone' },
  },
  {
    rule: 'a batch has at most 1000 values, and an UPSERT counts twice',
    run: zone =>
      expectRefused(zone, 'InvalidChangeBatch', () =>
        zone.change(...Array.from({ length: 501 }, (_, index) => upsert(a(zone, `n${index}`)))),
      ),
    deviations: { ministack: 'batches have no limit' },
  },
]
