import {
  type AccountLimitType,
  ChangeTagsForResourceCommand,
  CreateHealthCheckCommand,
  GetAccountLimitCommand,
  GetHostedZoneLimitCommand,
  type HostedZoneLimitType,
  ListTagsForResourcesCommand,
  type TagResourceType,
  UpdateHostedZoneCommentCommand,
} from '@aws-sdk/client-route-53'
import { refusalOf } from '@meridian/lab-aws-protocol/testing'
import { expect, test } from 'vitest'
import { create, openZone, record } from '../testing/zone-fixture.ts'

test.each<[AccountLimitType, number, number]>([
  ['MAX_HOSTED_ZONES_BY_OWNER', 500, 1],
  ['MAX_HEALTH_CHECKS_BY_OWNER', 200, 0],
  ['MAX_TRAFFIC_POLICIES_BY_OWNER', 50, 0],
])('the limit %s is %i, of which %i are used', async (Type, Value, Count) => {
  const { route53 } = await openZone()

  const answer = await route53.send(new GetAccountLimitCommand({ Type }))

  expect(answer).toMatchObject({ Limit: { Type, Value }, Count })
})

test('a zone may have 10 000 record sets, and tells how many it has', async () => {
  const { route53, zone, build } = await openZone()
  await build(create(record('a.example.com', 'A', '192.0.2.1')))
  const limitOf = (Type: HostedZoneLimitType) =>
    route53.send(new GetHostedZoneLimitCommand({ HostedZoneId: zone.id, Type }))

  expect(await limitOf('MAX_RRSETS_BY_ZONE')).toMatchObject({ Limit: { Value: 10_000 }, Count: 3 })
  expect((await refusalOf(limitOf('MAX_VPCS_ASSOCIATED_BY_ZONE'))).name).toBe('HostedZoneNotPrivate')
  expect((await refusalOf(limitOf('MAX_FUN' as 'MAX_RRSETS_BY_ZONE'))).name).toBe('InvalidInput')
})

test('tags of several resources come in one answer', async () => {
  const { route53, zone, aws } = await openZone()
  const other = aws.route53.addZone('example.org')
  for (const { id, name } of [zone, other]) {
    const AddTags = [{ Key: 'name', Value: name }]
    await route53.send(
      new ChangeTagsForResourceCommand({ ResourceType: 'hostedzone', ResourceId: id, AddTags }),
    )
  }
  const command = new ListTagsForResourcesCommand({
    ResourceType: 'hostedzone',
    ResourceIds: [other.id, zone.id],
  })

  expect((await route53.send(command)).ResourceTagSets?.map(({ Tags }) => Tags?.[0]?.Value)).toEqual([
    'example.org.',
    'example.com.',
  ])
})

test('health checks have tags, too', async () => {
  const { route53, aws } = await openZone()
  const HealthCheckConfig = { Type: 'TCP', IPAddress: '192.0.2.1', Port: 443 } as const
  const made = await route53.send(new CreateHealthCheckCommand({ CallerReference: 'a', HealthCheckConfig }))
  const ResourceId = made.HealthCheck?.Id
  const AddTags = [{ Key: 'owner', Value: 'web' }]
  await route53.send(new ChangeTagsForResourceCommand({ ResourceType: 'healthcheck', ResourceId, AddTags }))

  expect(aws.route53.healthChecks()).toMatchObject([{ tags: { owner: 'web' } }])
})

test.each([
  ['more than 10 tags', Array.from({ length: 11 }, (_, index) => `key-${index}`), 'hostedzone'],
  ['a key of more than 128 characters', ['k'.repeat(129)], 'hostedzone'],
  ['no tag', [], 'hostedzone'],
  ['another kind of resource', ['key'], 'bucket'],
])('%s is refused', async (_, keys, type) => {
  const { route53, zone } = await openZone()
  const command = new ChangeTagsForResourceCommand({
    ResourceType: type as TagResourceType,
    ResourceId: zone.id,
    AddTags: keys.map(Key => ({ Key, Value: '' })),
  })

  expect((await refusalOf(route53.send(command))).name).toBe('InvalidInput')
  expect(zone.tags).toEqual({})
})

test('the comment of a zone can be changed', async () => {
  const { route53, zone } = await openZone()
  const command = new UpdateHostedZoneCommentCommand({ Id: zone.id, Comment: 'the lab' })

  expect((await route53.send(command)).HostedZone?.Config?.Comment).toBe('the lab')
})
