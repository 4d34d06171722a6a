import { connectAws } from '@meridian/aws'
import { route53 } from '@meridian/aws/clients'
import type { LatencyRecord, Route53 } from '@meridian/dns'
import { testJob } from '@meridian/runner/testing'
import { expect, test } from 'vitest'
import type { Inputs } from '../src/inputs.ts'
import { nameServersOf } from '../src/name-servers.ts'
import { verify } from '../src/verify.ts'
import { type Lab, openLab } from './in-process.ts'

const regions = ['us-east-1', 'eu-west-1', 'ap-northeast-1']
const records = regions.map(
  (region): LatencyRecord => ({ kind: 'cname', region, target: `${region}.example.net`, ttl: 60 }),
)
const endpoints = records.map(({ region, target }) => `${region}: ${target}`).join('\n')

/** Verifies a name that the lab answers, through a client that may be short of a permission. */
async function verifyIn(lab: Lab, given: Partial<Inputs>, denied?: string) {
  await lab.run({ record: 'app', endpoints })
  const job = testJob({ action: 'latency-dns', env: { ...process.env } })
  const client = route53(await connectAws(job, {}))
  const [host = '', port] = lab.universe.nameServer.split(':')
  const inputs = {
    verify: 'true',
    fqdn: 'app.k8s.example.com',
    nameServers: [{ host, port: Number(port) }],
    ...given,
  }
  const zone = { id: lab.universe.zone.id, name: 'k8s.example.com', privateTwins: [] }
  const asked = denied ? refusing(client, denied) : client
  await verify(job, asked, inputs as Inputs, {
    zone,
    servers: nameServersOf(job, asked, inputs as Inputs, zone),
    records,
    known: 'yes',
  })
  return job
}

function refusing(client: Route53, operation: string): Route53 {
  const error = Object.assign(new Error(`not authorized to perform: route53:${operation}`), {
    name: 'AccessDenied',
  })
  const send = (command: object) =>
    command.constructor.name === `${operation}Command` ? Promise.reject(error) : client.send(command as never)
  return { send: send as Route53['send'] }
}

const twoCities = [
  { city: 'New York', subnet: '128.59.1.0/24', expected: 'us-east-1' },
  { city: 'Tokyo', subnet: '133.11.1.0/24', expected: 'ap-northeast-1' },
]

test('the name servers answer for every city, and no quota of the account is spent', async () => {
  await using lab = await openLab()
  const job = await verifyIn(lab, { verify: 'strict' }, 'TestDNSAnswer')
  expect(job.summaries.join()).toContain('25 of 25 cities')
  expect(job.summaries.join()).toContain(`Asked directly: <code>${lab.universe.nameServer}</code>`)
  expect(job.outputs.verification).toContainEqual(expect.objectContaining({ provenBy: '1 name server' }))
  expect(job.lines.join()).not.toContain('TestDNSAnswer')
})

test('without name servers and TestDNSAnswer, the permission is named', async () => {
  await using lab = await openLab()
  const job = await verifyIn(lab, { nameServers: [] }, 'TestDNSAnswer')
  expect(job.lines).toContainEqual(
    'Route 53 was not asked where its name servers did not answer: not authorized to perform: route53:TestDNSAnswer.',
  )
})

test('where nobody can be asked, that is a warning, and a failure when strict', async () => {
  await using lab = await openLab()
  const job = await verifyIn(lab, { nameServers: [] }, 'TestDNSAnswer')
  expect(job.lines).toContain('The answers were not verified: nobody could be asked.')
  await expect(verifyIn(lab, { nameServers: [], verify: 'strict' }, 'TestDNSAnswer')).rejects.toThrow(
    'nobody',
  )
})

test('silent name servers are one warning, and the API is enough', async () => {
  await using lab = await openLab({ faults: ['silent-name-servers'] })
  const job = await verifyIn(lab, { vantagePoints: twoCities, verify: 'true' })
  expect(job.lines.filter(line => line.includes('did not answer within 3 s'))).toHaveLength(1)
  expect(job.summaries.join()).toContain('Not reached')
  expect(job.summaries.join()).toContain('2 of 2 cities')
})

test("the zone's own name servers are the default; not being allowed to know them is a warning", async () => {
  await using lab = await openLab()
  const job = await verifyIn(lab, { nameServers: undefined, vantagePoints: twoCities }, 'GetHostedZone')
  expect(job.lines.join()).toContain('route53:GetHostedZone')
  expect(job.summaries.join()).toContain('2 of 2 cities')
})

test('strict fails where a region is answered to nobody, though none of the cities is near it', async () => {
  await using lab = await openLab()
  const vantagePoints = [{ city: 'Tokyo', subnet: '133.11.1.0/24', expected: 'ap-northeast-1' }]
  const job = await verifyIn(lab, { vantagePoints })
  expect(job.lines.join()).not.toContain('No city')
  await expect(verifyIn(lab, { vantagePoints, verify: 'strict' })).rejects.toThrow(
    'No city was answered with us-east-1, eu-west-1: none of the cities is near',
  )
})

test('a run with nothing to do asks Route 53 twice, and never for a city', async () => {
  await using lab = await openLab()
  await lab.run({ record: 'app', endpoints })
  const before = lab.requests().length
  const job = await lab.run({
    record: 'app',
    endpoints,
    verify: 'strict',
    'name-servers': lab.universe.nameServer,
  })
  expect(job.outputs.verification).toHaveLength(25)
  expect(
    lab
      .requests()
      .slice(before)
      .map(({ operation }) => operation),
  ).toEqual(['ListHostedZonesByName', 'ListResourceRecordSets'])
})
