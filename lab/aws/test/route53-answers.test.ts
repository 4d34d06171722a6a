import { TestDNSAnswerCommand, type TestDNSAnswerCommandInput } from '@aws-sdk/client-route-53'
import { worldVantagePoints } from '@meridian/dns'
import { refusalOf } from '@meridian/lab-aws-protocol/testing'
import { create, latency, record } from '@meridian/lab-route53/testing'
import { expect, test } from 'vitest'
import { openZone } from './open-zone.ts'

const regions = ['us-east-1', 'eu-west-1', 'ap-northeast-1']
const question = { RecordName: 'www.example.com', RecordType: 'CNAME' } as const

async function openGroup() {
  const zone = await openZone()
  await zone.build(...regions.map(region => create(latency('www.example.com', region))))
  return {
    ...zone,
    ask: (more: Partial<TestDNSAnswerCommandInput> = {}) =>
      zone.route53.send(new TestDNSAnswerCommand({ HostedZoneId: zone.zone.id, ...question, ...more })),
  }
}

function subnetOf(city: string): string {
  return worldVantagePoints.find(point => point.city === city)?.subnet.split('/')[0] ?? ''
}

test.each([
  ['New York', 'us-east-1'],
  ['Paris', 'eu-west-1'],
  ['Tokyo', 'ap-northeast-1'],
])('a client in %s is answered with %s', async (city, region) => {
  const { ask } = await openGroup()

  const answer = await ask({ EDNS0ClientSubnetIP: subnetOf(city), EDNS0ClientSubnetMask: '24' })

  expect(answer).toMatchObject({
    RecordData: [`app.${region}.example.net`],
    ResponseCode: 'NOERROR',
    Protocol: 'UDP',
  })
})

test('without a client subnet the resolver decides, and its default is in us-east-1', async () => {
  const { ask } = await openGroup()

  expect((await ask()).RecordData).toEqual(['app.us-east-1.example.net'])
  expect((await ask({ ResolverIP: subnetOf('Tokyo') })).RecordData).toEqual([
    'app.ap-northeast-1.example.net',
  ])
})

test('a browser is led to the load balancer of its region, through a CNAME', async () => {
  const { aws, world } = await openGroup()
  await world.clock.sleep(60)

  const { loadBalancerBehind } = aws.route53
  expect(loadBalancerBehind('www.example.com', subnetOf('Tokyo'))).toBe('app.ap-northeast-1.example.net')
  expect(loadBalancerBehind('WWW.example.com', undefined)).toBe('app.us-east-1.example.net')
  expect(loadBalancerBehind('other.example.com', undefined)).toBeUndefined()
  expect(loadBalancerBehind('127.0.0.1', undefined)).toBeUndefined()
})

test('a question for another type is answered with the CNAME', async () => {
  const { ask } = await openGroup()

  expect((await ask({ RecordType: 'A' })).RecordData).toEqual(['app.us-east-1.example.net'])
})

test('a name without records is NXDOMAIN', async () => {
  const { ask } = await openGroup()

  expect(await ask({ RecordName: 'other.example.com' })).toMatchObject({
    ResponseCode: 'NXDOMAIN',
    RecordData: [],
  })
})

test('an alias is answered with the addresses of its load balancer', async () => {
  const zone = await openZone()
  const { hostname, ready } = zone.aws.elb.create({
    region: 'eu-west-1',
    name: 'a'.repeat(32),
    type: 'classic',
    tags: {},
    listeners: [],
  })
  await ready
  const AliasTarget = { HostedZoneId: 'Z32O12XQLNTSW2', DNSName: hostname, EvaluateTargetHealth: true }
  await zone.build(create({ Name: 'app.example.com', Type: 'A', AliasTarget }))

  const answer = await zone.route53.send(
    new TestDNSAnswerCommand({ HostedZoneId: zone.zone.id, RecordName: 'app.example.com', RecordType: 'A' }),
  )

  expect(answer.RecordData).toHaveLength(2)
  await zone.world.clock.sleep(60)
  expect(zone.aws.route53.loadBalancerBehind('app.example.com', undefined)).toBe(hostname)
  expect(answer.RecordData?.[0]).toMatch(/^192\.0\.2\.\d+$/)
})

test('an alias that looks at health is passed over while its load balancer is missing', async () => {
  const zone = await openZone()
  const alias = (region: string, HostedZoneId: string, DNSName: string) => ({
    Name: 'app.example.com',
    Type: 'A' as const,
    Region: region as 'us-east-1',
    SetIdentifier: region,
    AliasTarget: { HostedZoneId, DNSName, EvaluateTargetHealth: true },
  })
  const { hostname, ready } = zone.aws.elb.create({
    region: 'eu-west-1',
    name: 'b',
    type: 'classic',
    tags: {},
    listeners: [],
  })
  await ready
  await zone.change(
    create(alias('us-east-1', 'Z35SXDOTRQ7X7K', 'gone-1.us-east-1.elb.amazonaws.com')),
    create(alias('eu-west-1', 'Z32O12XQLNTSW2', hostname)),
  )

  const answer = await zone.route53.send(
    new TestDNSAnswerCommand({ HostedZoneId: zone.zone.id, RecordName: 'app.example.com', RecordType: 'A' }),
  )

  expect(answer.RecordData).toHaveLength(2)
})

test('private zones and wrong addresses are refused', async () => {
  const { ask, aws } = await openGroup()
  const closed = aws.route53.addZone('example.org', { private: true })

  expect((await refusalOf(ask({ HostedZoneId: closed.id }))).name).toBe('InvalidInput')
  expect((await refusalOf(ask({ ResolverIP: 'nowhere' }))).name).toBe('InvalidInput')
  expect((await refusalOf(ask({ RecordName: 'www.example.net' }))).name).toBe('InvalidInput')
})

test('a simple record is answered as it is', async () => {
  const { ask, build } = await openGroup()
  await build(create(record('x.example.com', 'TXT', '"hello"')))

  expect((await ask({ RecordName: 'x.example.com', RecordType: 'TXT' })).RecordData).toEqual(['"hello"'])
})
