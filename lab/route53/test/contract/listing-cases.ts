import {
  CreateHostedZoneCommand,
  DeleteHostedZoneCommand,
  GetHostedZoneCommand,
  ListHostedZonesByNameCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandOutput,
} from '@aws-sdk/client-route-53'
import { refusalOf } from '@meridian/lab-aws-protocol/testing'
import { expect } from 'vitest'
import { create, latency, record } from '../../testing/zone-fixture.ts'
import type { ContractCase } from './contract-case.ts'
import type { ContractZone } from './contract-zone.ts'

/** Everything, page by page; gives up where a listing does not end. */
async function readPages(zone: ContractZone, MaxItems: number): Promise<string[]> {
  const seen: string[] = []
  let start = {}
  for (let page = 0; page < 30; page += 1) {
    const command = new ListResourceRecordSetsCommand({ HostedZoneId: zone.id, MaxItems, ...start })
    const answer: ListResourceRecordSetsCommandOutput = await zone.route53.send(command)
    seen.push(...(answer.ResourceRecordSets ?? []).map(one => one.SetIdentifier ?? one.Type ?? ''))
    if (!answer.IsTruncated) return seen
    start = {
      StartRecordName: answer.NextRecordName,
      StartRecordType: answer.NextRecordType,
      StartRecordIdentifier: answer.NextRecordIdentifier,
    }
  }
  throw new Error('the listing does not end')
}

/** How zones and record sets are listed, found and removed. */
export const listingCases: ContractCase[] = [
  {
    rule: 'record sets come by reversed labels, then type',
    async run(zone) {
      const names = ['b', 'z.a', 'a', 'a-b']
      await zone.build(...names.map(name => create(record(`${name}.${zone.name}`, 'A', '192.0.2.1'))))
      await zone.build(create(record(`a.${zone.name}`, 'TXT', '"x"')))
      expect(await zone.names()).toEqual(['a-b A', 'a A', 'a TXT', 'z.a A', 'b A'])
    },
    deviations: {
      moto: 'the dots between reversed labels do not take part in the order',
      ministack: 'the dots between reversed labels do not take part in the order',
    },
  },
  {
    rule: 'within a name and type, record sets come by identifier',
    async run(zone) {
      await zone.build(
        ...['us-east-1', 'eu-west-1'].map(region => create(latency(`www.${zone.name}`, region))),
      )
      expect(await zone.names()).toEqual(['www CNAME eu-west-1', 'www CNAME us-east-1'])
    },
    deviations: { moto: 'they come in the order in which they were made' },
  },
  {
    rule: 'an asterisk is listed as an octal escape',
    async run(zone) {
      await zone.build(create(record(`*.${zone.name}`, 'A', '192.0.2.1')))
      expect(await zone.names()).toEqual(['\\052 A'])
    },
    deviations: { moto: 'names are not escaped', ministack: 'names are not escaped' },
  },
  {
    rule: 'paging one by one goes through a latency group by its identifiers',
    async run(zone) {
      const regions = ['us-east-1', 'eu-west-1', 'ap-northeast-1']
      await zone.build(...regions.map(region => create(latency(`www.${zone.name}`, region))))
      expect(await readPages(zone, 1)).toEqual(['NS', 'SOA', 'ap-northeast-1', 'eu-west-1', 'us-east-1'])
    },
    deviations: { moto: 'the identifier to start from is ignored, so the listing never ends' },
  },
  {
    rule: 'a listing may start at a name and type',
    async run(zone) {
      await zone.build(
        create(record(`a.${zone.name}`, 'A', '192.0.2.1')),
        create(record(`c.${zone.name}`, 'A', '192.0.2.1')),
        create(record(`c.${zone.name}`, 'TXT', '"x"')),
      )
      const found = await zone.list({ StartRecordName: `c.${zone.name}`, StartRecordType: 'TXT' })
      expect(found.map(({ Type }) => Type)).toEqual(['TXT'])
    },
  },
  {
    rule: 'ListHostedZonesByName answers with the named zone and those after it, by reversed labels',
    async run(zone) {
      for (const sub of ['z.aa', 'b']) {
        const Name = `${sub}.${zone.name}`
        await zone.route53.send(new CreateHostedZoneCommand({ Name, CallerReference: Name }))
      }
      const command = new ListHostedZonesByNameCommand({ DNSName: zone.name, MaxItems: 3 })
      const { HostedZones, DNSName } = await zone.route53.send(command)
      expect(HostedZones?.map(({ Name }) => Name)).toEqual([
        `${zone.name}.`,
        `z.aa.${zone.name}.`,
        `b.${zone.name}.`,
      ])
      expect(DNSName).toMatch(new RegExp(`^${zone.name}.?$`))
    },
    deviations: {
      moto: 'only zones of exactly this name are listed',
      ministack: 'zones are sorted by their name as it stands',
    },
  },
  {
    rule: 'ListHostedZones goes on at its marker',
    async run({ route53 }) {
      const all = await route53.send(new ListHostedZonesCommand({}))
      const first = await route53.send(new ListHostedZonesCommand({ MaxItems: 1 }))
      const rest = await route53.send(new ListHostedZonesCommand({ Marker: first.NextMarker }))
      const ids = [...(first.HostedZones ?? []), ...(rest.HostedZones ?? [])].map(({ Id }) => Id)
      expect(ids).toEqual(all.HostedZones?.map(({ Id }) => Id))
    },
  },
  {
    rule: 'GetHostedZone tells the name servers and counts the records',
    async run(zone) {
      await zone.build(create(record(`a.${zone.name}`, 'A', '192.0.2.1')))
      const { HostedZone, DelegationSet } = await zone.route53.send(new GetHostedZoneCommand({ Id: zone.id }))
      expect(HostedZone).toMatchObject({ Id: `/hostedzone/${zone.id}`, ResourceRecordSetCount: 3 })
      expect(DelegationSet?.NameServers).toHaveLength(4)
    },
  },
  {
    rule: 'a caller reference makes one zone',
    async run({ route53, name }) {
      const again = () =>
        route53.send(new CreateHostedZoneCommand({ Name: `once.${name}`, CallerReference: `once-${name}` }))
      await again()
      expect((await refusalOf(again())).name).toBe('HostedZoneAlreadyExists')
    },
    deviations: {
      moto: 'a reference may be used again',
      ministack: 'the zone of the first call is returned',
    },
  },
  {
    rule: 'a zone with records stays, an empty one goes',
    async run(zone) {
      const drop = () => zone.route53.send(new DeleteHostedZoneCommand({ Id: zone.id }))
      const one = record(`a.${zone.name}`, 'A', '192.0.2.1')
      await zone.build(create(one))
      expect((await refusalOf(drop())).name).toBe('HostedZoneNotEmpty')
      await zone.build({ Action: 'DELETE', ResourceRecordSet: one })
      await drop()
      expect((await refusalOf(zone.list())).name).toBe('NoSuchHostedZone')
    },
  },
]
