import type { Answer, SoaAnswer } from 'dns-packet'
import { expect, test } from 'vitest'
import { proveAbsence } from '../../src/verify/prove-absence.ts'
import { type Answerer, serveDns } from '../serve-dns.ts'

const fqdn = 'gone-1.us-east-1.elb.amazonaws.com'
const signal = new AbortController().signal
const soa = (name: string): SoaAnswer => ({
  type: 'SOA',
  name,
  data: { mname: 'ns.example.net', rname: 'hostmaster.example.net', serial: 1 },
})
const zone = [soa('us-east-1.elb.amazonaws.com')]
/** NXDOMAIN. */
const flags = 3
const alias: Answer = { type: 'CNAME', name: fqdn, data: 'nowhere.example.net' }

test("a name is gone by the authoritative NXDOMAIN of its zone's server", async () => {
  await using dns = await serveDns(() => ({ flags, authorities: zone }))
  expect(await proveAbsence(signal, fqdn, [dns.server])).toEqual({ absent: true })
})

test.each<[string, ReturnType<Answerer>, string]>([
  ['NXDOMAIN without authority', { flags, authority: false, authorities: zone }, 'answered NXDOMAIN'],
  ['NXDOMAIN without the SOA of its zone', { flags }, 'answered NXDOMAIN'],
  ['NXDOMAIN of another zone', { flags, authorities: [soa('example.org')] }, 'answered NXDOMAIN'],
  ['NXDOMAIN of what it leads to', { flags, authorities: zone, answers: [alias] }, 'answered NXDOMAIN'],
  ['an answer without records', { authorities: zone }, 'without an address'],
  ['an address', { answers: [{ type: 'A', name: fqdn, data: '192.0.2.1' }] }, 'answered 192.0.2.1'],
  ['a refusal', { flags: 5 }, 'answered REFUSED'],
])('%s proves nothing', async (_, reply, why) => {
  await using dns = await serveDns(() => reply)
  expect(await proveAbsence(signal, fqdn, [dns.server])).toEqual({
    absent: false,
    why: expect.stringContaining(why),
  })
})

test('a server that says otherwise outweighs one that says NXDOMAIN', async () => {
  await using gone = await serveDns(() => ({ flags, authorities: zone }))
  await using there = await serveDns(() => ({ answers: [{ type: 'A', name: fqdn, data: '192.0.2.1' }] }))
  expect(await proveAbsence(signal, fqdn, [gone.server, there.server])).toMatchObject({ absent: false })
})

test('servers that do not answer prove nothing', async () => {
  expect(await proveAbsence(signal, fqdn, [{ host: '127.0.0.1', port: 9 }])).toEqual({
    absent: false,
    why: expect.stringContaining('no name server of its zone could be asked: 127.0.0.1:9 '),
  })
})
