import {
  CreateHealthCheckCommand,
  GetHostedZoneCommand,
  ListHostedZonesCommand,
  Route53Client,
} from '@aws-sdk/client-route-53'
import { refusalOf } from '@meridian/lab-aws-protocol/testing'
import { expect, onTestFinished, test } from 'vitest'
import { type Route53Options, startRoute53 } from '../server.ts'
import { questionFor, replyOf, sendUdp } from '../testing/dns-client.ts'

async function open(options?: Route53Options) {
  const server = await startRoute53(options)
  onTestFinished(server.close)
  const { endpoint, credentials } = server
  const clientFor = (given = credentials) =>
    new Route53Client({ region: 'us-east-1', endpoint, credentials: given, maxAttempts: 1 })
  return { server, clientFor, client: clientFor() }
}

test('its zones are listed, and its name server answers for them', async () => {
  const { server, client } = await open({ zones: ['example.com'] })
  const { HostedZones } = await client.send(new ListHostedZonesCommand({}))
  expect(HostedZones?.map(({ Name }) => Name)).toEqual(['example.com.'])
  const reply = replyOf(await sendUdp(server.dns.port, questionFor('example.com', { type: 'SOA' })))
  expect(reply.answers).toMatchObject([{ type: 'SOA' }])
})

test('a zone that is made without a request is found by its id', async () => {
  const { server, client } = await open()
  const { id, nameServers } = server.addZone('example.org', { comment: 'made by hand' })
  const { HostedZone, DelegationSet } = await client.send(new GetHostedZoneCommand({ Id: id }))
  expect([HostedZone?.Config?.Comment, DelegationSet?.NameServers]).toEqual(['made by hand', nameServers])
})

test('the same seed gives the same ids', async () => {
  const ids = async () => (await open({ seed: 7 })).server.addZone('example.com').id
  expect(await ids()).toBe(await ids())
})

test('a key of somebody else, and a wrong secret, are refused', async () => {
  const { server, clientFor } = await open()
  const { accessKeyId, secretAccessKey } = server.credentials
  const ask = (accessKeyId: string, secretAccessKey: string) =>
    refusalOf(clientFor({ accessKeyId, secretAccessKey }).send(new ListHostedZonesCommand({})))
  expect((await ask('AKIAIOSFODNN7EXAMPLE', secretAccessKey)).name).toBe('InvalidClientTokenId')
  expect((await ask(accessKeyId, 'wrong')).name).toBe('SignatureDoesNotMatch')
})

test('a request that is signed for another service is refused', async () => {
  const { server } = await open()
  const scope = `${server.credentials.accessKeyId}/20260101/us-east-1/s3/aws4_request`
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=00`
  const answer = await fetch(`${server.endpoint}/2013-04-01/hostedzone`, { headers: { authorization } })
  expect([answer.status, await answer.text()]).toEqual([
    403,
    expect.stringContaining('scoped to correct service: &apos;route53&apos;'),
  ])
})

test('a planned failure strikes the request that it is meant for, and is told', async () => {
  const { server, client } = await open({ zones: ['example.com'] })
  const fault = server.fail({ failure: 'throttle', operation: 'ListHostedZones', nth: 2 })
  const list = () => client.send(new ListHostedZonesCommand({}))
  await list()
  expect([(await refusalOf(list())).name, fault.struck()]).toEqual(['Throttling', 1])
  expect(server.requests()).toEqual([
    { operation: 'ListHostedZones', status: 200 },
    { operation: 'ListHostedZones', status: 400, error: 'Throttling', failure: 'throttle' },
  ])
})

test('the health of a check is set by its id, which must be there', async () => {
  const { server, client } = await open()
  const HealthCheckConfig = { Type: 'TCP', IPAddress: '192.0.2.1', Port: 80 } as const
  const { HealthCheck } = await client.send(
    new CreateHealthCheckCommand({ CallerReference: 'one', HealthCheckConfig }),
  )
  expect(() => server.setHealth(HealthCheck?.Id ?? '', false)).not.toThrow()
  expect(() => server.setHealth('none', false)).toThrow('no health check has the id none')
})

test('where the port of its name server is taken, nothing of it is left', async () => {
  const { server } = await open()
  const free = await startRoute53()
  await free.close()
  const port = Number(new URL(free.endpoint).port)
  await expect(startRoute53({ port, dnsPort: server.dns.port })).rejects.toThrow('EADDRINUSE')
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow()
})
