import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { worldVantagePoints } from '@meridian/dns'
import {
  type Ask,
  create,
  framed,
  latency,
  questionFor,
  record,
  replyOf,
  sendTcp,
  sendUdp,
  upsert,
} from '@meridian/lab-route53/testing'
import type { WorldOptions } from '@meridian/lab-world'
import { findCommand } from '@meridian/lab-world/testing'
import type { Answer, StringAnswer } from 'dns-packet'
import fc from 'fast-check'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openZone } from './open-zone.ts'

const www = 'www.example.com'
const regions = ['us-east-1', 'eu-west-1', 'ap-northeast-1']

async function openServer(options?: WorldOptions) {
  const zone = await openZone(options)
  const server = await zone.aws.route53.openNameServer()
  onTestFinished(server.close)
  return {
    ...zone,
    server,
    async ask(name: string, more?: Ask) {
      return replyOf(await sendUdp(server.port, questionFor(name, more)))
    },
    /** Changes, and waits until the name servers have them. */
    async publish(...changes: Parameters<typeof zone.change>) {
      await zone.change(...changes)
      await zone.world.clock.sleep(31)
    },
  }
}

const linesOf = (answers: Answer[] = []) =>
  answers.map(answer => `${answer.name} ${answer.type} ${String((answer as StringAnswer).data)}`)

function subnetOf(city: string): string {
  return worldVantagePoints.find(point => point.city === city)?.subnet ?? ''
}

test.each([
  ['New York', 'us-east-1'],
  ['Paris', 'eu-west-1'],
  ['Tokyo', 'ap-northeast-1'],
])('a client subnet in %s is answered with %s, for that subnet', async (city, region) => {
  const { publish, ask } = await openServer()
  await publish(...regions.map(region => create(latency(www, region))))

  const reply = await ask(www, { subnet: subnetOf(city) })

  expect(reply).toMatchObject({ rcode: 'NOERROR', flag_aa: true, id: 4711 })
  expect(linesOf(reply.answers)).toEqual([`${www} CNAME app.${region}.example.net`])
  expect(reply.additionals).toMatchObject([{ options: [{ sourcePrefixLength: 24, scopePrefixLength: 24 }] }])
})

test('an answer that is the same everywhere has scope 0, also for IPv6', async () => {
  const { publish, ask } = await openServer()
  await publish(create(record(www, 'A', '192.0.2.1', '192.0.2.2')))

  const reply = await ask(www, { subnet: '2001:db8::/56' })

  expect(linesOf(reply.answers)).toEqual([`${www} A 192.0.2.1`, `${www} A 192.0.2.2`])
  expect(reply.additionals).toMatchObject([
    { options: [{ family: 2, sourcePrefixLength: 56, scopePrefixLength: 0 }] },
  ])
})

test('while a change is PENDING the name servers answer what was before', async () => {
  const { publish, ask, change, zone } = await openServer()
  await publish(create(record(www, 'A', '192.0.2.1')))
  await change(upsert(record(www, 'A', '192.0.2.2')))
  const last = zone.editions.at(-1) ?? expect.fail('no edition')

  last.at = Number.POSITIVE_INFINITY
  expect(linesOf((await ask(www)).answers)).toEqual([`${www} A 192.0.2.1`])
  last.at = 0
  expect(linesOf((await ask(www)).answers)).toEqual([`${www} A 192.0.2.2`])
})

test('an alias is answered with addresses, a CNAME with what it leads to in the zone', async () => {
  const { publish, ask, aws } = await openServer()
  const { hostname, ready } = aws.elb.create({
    region: 'eu-west-1',
    name: 'app',
    type: 'classic',
    tags: {},
    listeners: [],
  })
  await ready
  const AliasTarget = { HostedZoneId: 'Z32O12XQLNTSW2', DNSName: hostname, EvaluateTargetHealth: true }
  await publish(
    create({ Name: 'app.example.com', Type: 'A', AliasTarget }),
    create(record(www, 'CNAME', 'app.example.com')),
  )

  const lines = linesOf((await ask(www)).answers)

  expect(lines[0]).toBe(`${www} CNAME app.example.com`)
  expect(lines.slice(1)).toEqual([
    expect.stringMatching(/^app\.example\.com A 192\.0\.2\.\d+$/),
    expect.stringMatching(/^app\.example\.com A 198\.51\.100\.\d+$/),
  ])
})

test.each([
  ['no record of this name', 'nobody.example.com', 'NXDOMAIN'],
  ['the name has another type', www, 'NOERROR'],
  ['there are names below it', 'b.example.com', 'NOERROR'],
])('%s: %s is %s with the SOA', async (_, name, rcode) => {
  const { publish, ask } = await openServer()
  await publish(create(record(www, 'TXT', '"x"')), create(record('a.b.example.com', 'A', '192.0.2.1')))

  const reply = await ask(name)

  expect(reply).toMatchObject({
    rcode,
    answers: [],
    authorities: [{ type: 'SOA', name: 'example.com', ttl: 900 }],
  })
})

test('a wildcard answers for names that do not exist, but not beside or below those that do', async () => {
  const { publish, ask } = await openServer()
  await publish(
    create(record('*.example.com', 'A', '192.0.2.1')),
    create(record('a.x.example.com', 'TXT', '"x"')),
  )

  expect(linesOf((await ask('a.y.example.com')).answers)).toEqual(['a.y.example.com A 192.0.2.1'])
  expect((await ask('x.example.com')).answers).toEqual([])
  expect((await ask('b.x.example.com')).rcode).toBe('NXDOMAIN')
})

test('names of no zone and of private zones are REFUSED, transfers too', async () => {
  const { ask, aws } = await openServer()
  aws.route53.addZone('inside.example', { private: true })

  expect((await ask('www.example.org')).rcode).toBe('REFUSED')
  expect((await ask('www.inside.example')).rcode).toBe('REFUSED')
  expect((await ask('example.com', { type: 'AXFR' })).rcode).toBe('REFUSED')
})

test('names below a delegation are referred', async () => {
  const { publish, ask } = await openServer()
  await publish(create(record('sub.example.com', 'NS', 'ns.example.net')))

  const reply = await ask('a.sub.example.com')

  expect(reply).toMatchObject({ rcode: 'NOERROR', flag_aa: false, answers: [] })
  expect(linesOf(reply.authorities)).toEqual(['sub.example.com NS ns.example.net'])
})

test('every type that is answered comes over as it was written', async () => {
  const { publish, ask } = await openServer()
  await publish(
    create(record(www, 'TXT', '"say \\"hi\\" \\303\\251" "two"')),
    create(record(www, 'MX', '10 mail.example.com')),
    create(record(www, 'SRV', '1 2 443 host.example.com')),
    create(record(www, 'CAA', '0 issue "ca.example"')),
    create(record(www, 'AAAA', '2001:db8::1')),
  )
  const dataOf = async (type: Ask['type']) =>
    (await ask(www, { type })).answers?.map(answer => (answer as StringAnswer).data)

  expect(await dataOf('TXT')).toEqual([[Buffer.from('say "hi" é'), Buffer.from('two')]])
  expect(await dataOf('MX')).toEqual([{ preference: 10, exchange: 'mail.example.com' }])
  expect(await dataOf('SRV')).toEqual([{ priority: 1, weight: 2, port: 443, target: 'host.example.com' }])
  expect(await dataOf('CAA')).toMatchObject([{ flags: 0, tag: 'issue', value: 'ca.example' }])
  expect(await dataOf('AAAA')).toEqual(['2001:db8::1'])
  expect(await dataOf('SOA')).toEqual([])
})

test('what does not fit is truncated over UDP and whole over TCP, also in pieces', async () => {
  const { publish, ask, server } = await openServer()
  const values = Array.from({ length: 10 }, (_, index) => `"${index}${'x'.repeat(90)}"`)
  await publish(create(record(www, 'TXT', ...values)))

  expect(await ask(www, { type: 'TXT', edns: false })).toMatchObject({ flag_tc: true, answers: [] })
  expect((await ask(www, { type: 'TXT', payload: 4096 })).answers).toHaveLength(10)
  const message = framed(questionFor(www, { type: 'TXT', edns: false }))
  const replies = await sendTcp(
    server.port,
    message.subarray(0, 1),
    message.subarray(1, 9),
    message.subarray(9),
    message,
  )
  expect(replies.map(reply => replyOf(reply).answers?.length)).toEqual([10, 10])
})

test('rubbish does not hurt the server', async () => {
  const { server, ask } = await openServer()
  const sound = questionFor(www, { subnet: '133.11.1.0/24' })
  const rubbish = fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    // A sound question with some bytes changed, or cut.
    fc
      .tuple(fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255))), fc.nat(sound.length))
      .map(([edits, length]) => {
        const message = Buffer.from(sound)
        for (const [at, byte] of edits) message[at] = byte
        return message.subarray(0, length)
      }),
  )
  const sender = (await import('node:dgram')).createSocket('udp4')
  onTestFinished(() => void sender.close())
  fc.assert(fc.property(rubbish, message => void sender.send(message, server.port, '127.0.0.1')))
  await sendTcp(server.port, Buffer.from([0, 3, 1, 2, 3]))

  expect((await ask('example.com', { type: 'NS' })).answers).toHaveLength(4)
})

test.each<[string, (message: Buffer) => void, string]>([
  ['another opcode', message => message.writeUInt8(0x28, 2), 'NOTIMP'],
  ['two questions', message => message.writeUInt16BE(2, 4), 'FORMERR'],
  ['another class', message => message.writeUInt16BE(3, message.length - 2), 'REFUSED'],
])('%s: %s', async (_, spoil, rcode) => {
  const { server } = await openServer()
  const message = questionFor('example.com', { edns: false })
  spoil(message)

  expect(replyOf(await sendUdp(server.port, message)).rcode).toBe(rcode)
})

test('a client subnet longer than its family is a format error', async () => {
  const { ask } = await openServer()

  expect((await ask('example.com', { subnet: '192.0.2.0/33' })).rcode).toBe('FORMERR')
})

test('a newer version of EDNS is BADVERS, and any type is one type', async () => {
  const { publish, ask } = await openServer()
  await publish(create(record(www, 'A', '192.0.2.1')), create(record(www, 'TXT', '"x"')))

  expect(await ask(www, { version: 1 })).toMatchObject({ answers: [], additionals: [{ extendedRcode: 1 }] })
  expect(linesOf((await ask(www, { type: 'ANY' as 'A' })).answers)).toEqual([`${www} A 192.0.2.1`])
})

test('as a fault the name servers are silent', async () => {
  const { server } = await openServer({ faults: ['silent-name-servers'] })

  await expect(sendUdp(server.port, questionFor('example.com'), 100)).rejects.toThrow()
})

test('dig agrees', async ({ skip }) => {
  const { publish, server } = await openServer()
  await publish(...regions.map(region => create(latency(www, region))))
  const dig = (...words: string[]) =>
    promisify(execFile)('dig', ['@127.0.0.1', '-p', String(server.port), '+time=2', ...words])
  if (!(await findCommand('dig'))) return skip('skipped: dig not found')

  const { stdout } = await dig(`+subnet=${subnetOf('Tokyo')}`, www)

  expect(stdout).toContain(`CLIENT-SUBNET: ${subnetOf('Tokyo')}/24`)
  expect(stdout).toMatch(/www\.example\.com\.\s+60\s+IN\s+CNAME\s+app\.ap-northeast-1\.example\.net\./)
  expect((await dig('+tcp', '+short', 'NS', 'example.com')).stdout.trim().split('\n')).toHaveLength(4)
})

test.each(['classic', 'network'] as const)(
  'the name of a %s load balancer is answered with authority, whoever has it, until it is gone',
  async type => {
    const { ask, aws, world } = await openServer({ scale: 10_000 })
    const made = aws.elb.create({
      region: 'us-east-1',
      name: 'a1',
      type,
      tags: {},
      listeners: [],
      account: '999988887777',
    })
    await made.ready
    expect(await ask(made.hostname)).toMatchObject({
      rcode: 'NOERROR',
      flag_aa: true,
      answers: [{ type: 'A' }, { type: 'A' }],
    })
    aws.elb.remove(made.id)
    await vi.waitFor(() => expect(world.inventory.list({ type: 'load-balancer' })).toEqual([]))
    expect(await ask(made.hostname)).toMatchObject({
      rcode: 'NXDOMAIN',
      flag_aa: true,
      answers: [],
      authorities: [{ type: 'SOA', name: made.hostname.slice(made.hostname.indexOf('.') + 1) }],
    })
  },
)
