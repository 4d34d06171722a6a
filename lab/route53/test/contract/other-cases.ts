import {
  ChangeTagsForResourceCommand,
  CreateHealthCheckCommand,
  CreateResourceRecordSetProtectionsCommand,
  DeleteHealthCheckCommand,
  GetAccountLimitCommand,
  GetChangeCommand,
  GetHealthCheckCommand,
  GetHostedZoneLimitCommand,
  ListHealthChecksCommand,
  ListTagsForResourceCommand,
  TestDNSAnswerCommand,
} from '@aws-sdk/client-route-53'
import { refusalOf } from '@meridian/lab-aws-protocol/testing'
import { expect } from 'vitest'
import { create, latency, record } from '../../testing/zone-fixture.ts'
import { type ContractCase, expectRefused, unimplemented } from './contract-case.ts'
import { settled } from './contract-zone.ts'

const HealthCheckConfig = {
  Type: 'HTTPS',
  FullyQualifiedDomainName: 'app.example.com',
  Port: 443,
  ResourcePath: '/healthz',
  RequestInterval: 30,
  FailureThreshold: 3,
} as const

/** Changes on their way, health checks, tags, limits, answers and protections. */
export const otherCases: ContractCase[] = [
  {
    rule: 'a change becomes INSYNC',
    async run(zone) {
      await settled(zone.route53, await zone.change(create(record(`a.${zone.name}`, 'A', '192.0.2.1'))))
    },
  },
  {
    rule: 'the status of a change that nobody made is NoSuchChange',
    async run({ route53 }) {
      const asked = route53.send(new GetChangeCommand({ Id: 'C2682N5HXP0BZ4' }))
      expect((await refusalOf(asked)).name).toBe('NoSuchChange')
    },
    deviations: { moto: 'every change is INSYNC, also those that nobody made' },
  },
  {
    rule: 'a health check is stored, made once per reference, and goes',
    async run({ route53, name }) {
      const make = () =>
        route53.send(new CreateHealthCheckCommand({ CallerReference: `check-${name}`, HealthCheckConfig }))
      const Id = (await make()).HealthCheck?.Id ?? ''
      expect((await make()).HealthCheck?.Id).toBe(Id)
      const get = () => route53.send(new GetHealthCheckCommand({ HealthCheckId: Id }))
      expect((await get()).HealthCheck).toMatchObject({ HealthCheckConfig, HealthCheckVersion: 1 })
      const listed = await route53.send(new ListHealthChecksCommand({}))
      expect(listed.HealthChecks?.map(check => check.Id)).toContain(Id)
      await route53.send(new DeleteHealthCheckCommand({ HealthCheckId: Id }))
      expect((await refusalOf(get())).name).toBe('NoSuchHealthCheck')
    },
    deviations: { moto: 'every call makes another check' },
  },
  {
    rule: 'a record names only health checks that exist',
    run: zone =>
      expectRefused(zone, 'NoSuchHealthCheck', () =>
        zone.change(
          create(
            latency(`www.${zone.name}`, 'eu-west-1', {
              HealthCheckId: '00000000-0000-4000-a000-000000000000',
            }),
          ),
        ),
      ),
    deviations: { moto: 'the id is not looked up', ministack: 'the id is not looked up' },
  },
  {
    rule: 'tags of a zone are added and removed',
    async run({ route53, id }) {
      const resource = { ResourceType: 'hostedzone', ResourceId: id } as const
      const tags = async () =>
        (await route53.send(new ListTagsForResourceCommand(resource))).ResourceTagSet?.Tags ?? []
      const AddTags = [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '' },
      ]
      await route53.send(new ChangeTagsForResourceCommand({ ...resource, AddTags }))
      expect(await tags()).toEqual(AddTags)
      await route53.send(new ChangeTagsForResourceCommand({ ...resource, RemoveTagKeys: ['a'] }))
      expect((await tags()).map(({ Key }) => Key)).toEqual(['b'])
    },
  },
  {
    rule: 'limits are told with what is used of them',
    async run({ route53, id }) {
      const zones = await route53.send(new GetAccountLimitCommand({ Type: 'MAX_HOSTED_ZONES_BY_OWNER' }))
      expect(zones.Limit).toMatchObject({ Type: 'MAX_HOSTED_ZONES_BY_OWNER', Value: 500 })
      const command = new GetHostedZoneLimitCommand({ HostedZoneId: id, Type: 'MAX_RRSETS_BY_ZONE' })
      expect(await route53.send(command)).toMatchObject({ Limit: { Value: 10_000 }, Count: 2 })
    },
    deviations: unimplemented,
  },
  {
    rule: 'TestDNSAnswer answers what the name servers would',
    async run(zone) {
      await zone.build(create(record(`a.${zone.name}`, 'A', '192.0.2.1')))
      const question = { HostedZoneId: zone.id, RecordName: `a.${zone.name}`, RecordType: 'A' } as const
      const answer = await zone.route53.send(new TestDNSAnswerCommand(question))
      expect(answer).toMatchObject({ RecordData: ['192.0.2.1'], ResponseCode: 'NOERROR' })
    },
    deviations: unimplemented,
  },
  {
    rule: 'a protected name and type does not change',
    async run(zone) {
      const name = `a.${zone.name}`
      const Protections = [{ RecordName: name, RecordType: 'A' as const }]
      await zone.route53.send(
        new CreateResourceRecordSetProtectionsCommand({ HostedZoneId: zone.id, Protections }),
      )
      await expectRefused(zone, 'InvalidChangeBatch', () =>
        zone.change(create(record(name, 'A', '192.0.2.1'))),
      )
    },
    deviations: unimplemented,
  },
]
