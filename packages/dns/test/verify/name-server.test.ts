import { type Answer, type DecodedPacket, TRUNCATED_RESPONSE } from 'dns-packet'
import { expect, test } from 'vitest'
import { askNameServer } from '../../src/verify/name-server.ts'
import { describeNameServer, parseNameServer } from '../../src/verify/parse-name-server.ts'
import { fqdn } from '../groups.ts'
import { serveDns } from '../serve-dns.ts'

const question = { fqdn, type: 'CNAME' } as const
const signal = new AbortController().signal
const leadTo = (data: string): Answer => ({ type: 'CNAME', name: fqdn, ttl: 60, data })

function clientSubnet(query?: DecodedPacket) {
  const [edns] = query?.additionals ?? []
  const [option] = edns?.type === 'OPT' ? edns.options : []
  return option && 'ip' in option ? `${option.ip}/${option.sourcePrefixLength}` : undefined
}

test('a name server is asked over UDP, without recursion, for a client subnet', async () => {
  await using dns = await serveDns(() => ({ answers: [leadTo('LB.example.net')] }))
  const answer = await askNameServer(signal, dns.server, question, '133.11.1.0/24')
  expect(answer).toEqual({ records: ['lb.example.net'] })
  expect(dns.queries.map(({ over }) => over)).toEqual(['udp'])
  expect(dns.queries[0]?.query.flag_rd).toBe(false)
  expect(clientSubnet(dns.queries[0]?.query)).toBe('133.11.1.0/24')
})

test.each([
  ['203.0.113.77/20', '203.0.112.0/20'],
  ['2001:db8:ffff::1/44', '2001:db8:fff0::/44'],
  ['0.0.0.0/0', '0.0.0.0/0'],
])('of the subnet %s the bits beyond its mask are not sent', async (given, sent) => {
  await using dns = await serveDns(() => ({ answers: [leadTo('lb.example.net')] }))
  await askNameServer(signal, dns.server, question, given)
  expect(clientSubnet(dns.queries[0]?.query)?.replace(/(:0)+\/44/, '::/44')).toBe(sent)
})

test('an answer that is cut short is asked for again over TCP', async () => {
  await using dns = await serveDns((_, over) =>
    over === 'udp' ? { flags: TRUNCATED_RESPONSE } : { answers: [leadTo('lb.example.net')] },
  )
  expect(await askNameServer(signal, dns.server, question, '192.0.2.0/24')).toEqual({
    records: ['lb.example.net'],
  })
  expect(dns.queries.map(({ over }) => over)).toEqual(['udp', 'tcp'])
})

test.each<[string, (query: DecodedPacket) => { id?: number; name?: string }]>([
  ['of another id', ({ id = 0 }) => ({ id: id ^ 1 })],
  ['to another question', () => ({ name: 'elsewhere.example.com' })],
])('a reply %s is no answer', async (_, wrong) => {
  await using dns = await serveDns(query => ({ answers: [leadTo('evil.example.net')], ...wrong(query) }))
  const cancel = AbortSignal.timeout(100)
  await expect(askNameServer(cancel, dns.server, question, '192.0.2.0/24')).rejects.toThrow('timeout')
})

test('what is no DNS message is passed over for the answer that follows', async () => {
  let count = 0
  await using dns = await serveDns(() => {
    count += 1
    return count === 1 ? Buffer.from([0xff, 0x00, 0x0c]) : { answers: [leadTo('lb.example.net')] }
  })
  expect(await askNameServer(signal, dns.server, question, '192.0.2.0/24')).toEqual({
    records: ['lb.example.net'],
  })
})

test.each([
  ['a refusal', 5, 'answered REFUSED'],
  ['a name that does not exist', 3, 'answered NXDOMAIN'],
  ['nothing', 0, 'answered without a record'],
])('%s is a problem of the answer', async (_, rcode, problem) => {
  await using dns = await serveDns(() => ({ flags: rcode }))
  expect(await askNameServer(signal, dns.server, question, '192.0.2.0/24')).toEqual({ records: [], problem })
})

test('a port where nobody listens is told at once', async () => {
  const dns = await serveDns(() => undefined)
  await dns[Symbol.asyncDispose]()
  await expect(askNameServer(signal, dns.server, question, '192.0.2.0/24')).rejects.toThrow('ECONNREFUSED')
})

test('a cancelled job is not kept waiting', async () => {
  await using dns = await serveDns(() => undefined)
  const cancel = new AbortController()
  const asked = askNameServer(cancel.signal, dns.server, question, '192.0.2.0/24')
  cancel.abort(new Error('cancelled'))
  await expect(asked).rejects.toThrow('cancelled')
})

test.each([
  ['ns-1.Example.net', { host: 'ns-1.example.net', port: 53 }, 'ns-1.example.net'],
  ['127.0.0.1:5353', { host: '127.0.0.1', port: 5353 }, '127.0.0.1:5353'],
  ['2001:db8::1', { host: '2001:db8::1', port: 53 }, '2001:db8::1'],
  ['[2001:db8::1]:53', { host: '2001:db8::1', port: 53 }, '2001:db8::1'],
  ['[::1]:5353', { host: '::1', port: 5353 }, '[::1]:5353'],
])('%s names a server', (raw, server, shown) => {
  expect(parseNameServer(raw)).toEqual(server)
  expect(describeNameServer(server)).toBe(shown)
})

test.each(['', 'ns-1:', 'ns-1:0', 'ns-1:70000', '[ns-1]:53', 'https://ns-1', '-x.example', 'a b'])(
  '%j names none',
  raw => {
    expect(() => parseNameServer(raw)).toThrow(/must|has the label/)
  },
)
