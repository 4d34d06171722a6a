import {
  CreateHealthCheckCommand,
  DeleteHealthCheckCommand,
  GetHealthCheckCountCommand,
  type HealthCheckConfig,
  ListHealthChecksCommand,
  type ResourceRecordSet,
  TestDNSAnswerCommand,
  UpdateHealthCheckCommand,
} from '@aws-sdk/client-route-53'
import { refusalOf } from '@meridian/lab-aws-protocol/testing'
import { expect, test } from 'vitest'
import { create, latency, openZone, record } from '../testing/zone-fixture.ts'

const www = 'www.example.com'
const https: HealthCheckConfig = { Type: 'HTTPS', FullyQualifiedDomainName: 'app.example.com', Port: 443 }

async function openHealth() {
  const zone = await openZone()
  const make = async (config: HealthCheckConfig = https, CallerReference: string = crypto.randomUUID()) => {
    const command = new CreateHealthCheckCommand({ CallerReference, HealthCheckConfig: config })
    return (await zone.route53.send(command)).HealthCheck?.Id ?? ''
  }
  return {
    ...zone,
    make,
    sicken(id: string) {
      for (const check of zone.aws.route53.healthChecks()) if (check.id === id) check.healthy = false
    },
    async answer(RecordType: ResourceRecordSet['Type'] = 'CNAME') {
      const question = { HostedZoneId: zone.zone.id, RecordName: www, RecordType }
      return (await zone.route53.send(new TestDNSAnswerCommand(question))).RecordData
    },
  }
}

test('a region whose health check fails is passed over, and answered when all fail', async () => {
  const { make, build, sicken, answer } = await openHealth()
  const [near, far] = [await make(), await make()]
  await build(
    create(latency(www, 'us-east-1', { HealthCheckId: near })),
    create(latency(www, 'eu-west-1', { HealthCheckId: far })),
  )
  expect(await answer()).toEqual(['app.us-east-1.example.net'])
  sicken(near)
  expect(await answer()).toEqual(['app.eu-west-1.example.net'])
  sicken(far)
  expect(await answer()).toEqual(['app.us-east-1.example.net'])
})

test('a disabled check counts as healthy, an inverted one as the contrary', async () => {
  const { make, build, sicken, answer } = await openHealth()
  const [disabled, inverted] = [
    await make({ ...https, Disabled: true }),
    await make({ ...https, Inverted: true }),
  ]
  sicken(disabled)
  await build(
    create(latency(www, 'us-east-1', { HealthCheckId: inverted })),
    create(latency(www, 'eu-west-1', { HealthCheckId: disabled })),
  )

  expect(await answer()).toEqual(['app.eu-west-1.example.net'])
})

test('failover answers the primary while it is healthy, then the secondary', async () => {
  const { make, build, sicken, answer } = await openHealth()
  const HealthCheckId = await make()
  const side = (Failover: 'PRIMARY' | 'SECONDARY', address: string) => ({
    ...record(www, 'A', address),
    SetIdentifier: Failover,
    Failover,
  })
  await build(
    create({ ...side('PRIMARY', '192.0.2.1'), HealthCheckId }),
    create(side('SECONDARY', '192.0.2.2')),
  )

  expect(await answer('A')).toEqual(['192.0.2.1'])
  sicken(HealthCheckId)
  expect(await answer('A')).toEqual(['192.0.2.2'])
})

test('multivalue answers every healthy record', async () => {
  const { make, build, sicken, answer } = await openHealth()
  const HealthCheckId = await make()
  const value = (address: string) => ({
    ...record(www, 'A', address),
    SetIdentifier: address,
    MultiValueAnswer: true,
  })
  const addresses = ['192.0.2.1', '192.0.2.2', '192.0.2.3']
  await build(...addresses.map(address => create(value(address))))
  await build(create({ ...value('192.0.2.4'), HealthCheckId }))
  sicken(HealthCheckId)

  expect(await answer('A')).toEqual(addresses)
})

test.each<[string, Partial<HealthCheckConfig>]>([
  ['an unknown type', { Type: 'PING' as 'TCP' }],
  ['nothing to connect to', { FullyQualifiedDomainName: undefined }],
  ['a port that is none', { Port: 70_000 }],
  ['another interval than 10 or 30', { RequestInterval: 20 }],
  ['a threshold above 10', { FailureThreshold: 11 }],
])('%s is refused', async (_, spoiled) => {
  const { make } = await openHealth()

  expect((await refusalOf(make({ ...https, ...spoiled }))).name).toBe('InvalidInput')
})

test('a reference with other settings is refused', async () => {
  const { make } = await openHealth()
  await make(https, 'one')

  expect(await refusalOf(make({ ...https, Port: 8443 }, 'one'))).toMatchObject({
    name: 'HealthCheckAlreadyExists',
    status: 409,
  })
})

test('an update needs the version that is there and raises it', async () => {
  const { make, route53 } = await openHealth()
  const HealthCheckId = await make()
  const update = () =>
    route53.send(
      new UpdateHealthCheckCommand({ HealthCheckId, HealthCheckVersion: 1, ResourcePath: '/healthz' }),
    )

  expect((await update()).HealthCheck).toMatchObject({
    HealthCheckVersion: 2,
    HealthCheckConfig: { ...https, ResourcePath: '/healthz' },
  })
  expect((await refusalOf(update())).name).toBe('HealthCheckVersionMismatch')
})

test('checks are counted, listed page by page, and cost money while they exist', async () => {
  const { make, route53, world } = await openHealth()
  const ids = [await make(), await make(), await make()]
  const first = await route53.send(new ListHealthChecksCommand({ MaxItems: 2 }))
  const rest = await route53.send(new ListHealthChecksCommand({ Marker: first.NextMarker }))

  expect([...(first.HealthChecks ?? []), ...(rest.HealthChecks ?? [])].map(({ Id }) => Id)).toEqual(ids)
  expect((await route53.send(new GetHealthCheckCountCommand({}))).HealthCheckCount).toBe(3)
  expect(world.inventory.list({ type: 'health-check' })[0]?.hourlyCost).toBeGreaterThan(0)
  for (const HealthCheckId of ids) await route53.send(new DeleteHealthCheckCommand({ HealthCheckId }))
  expect(world.inventory.list()).toEqual([])
})
