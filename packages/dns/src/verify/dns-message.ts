import { isIPv6 } from 'node:net'
import { type DecodedPacket, decode, encode, type OptAnswer } from 'dns-packet'
import { isWithin, normalizeName } from '../zone/name.ts'
import { type Answer, type Question, tellEmptiness } from './ask-answer.ts'

/** Small enough to pass any path unfragmented (DNS Flag Day 2020); what is larger comes over TCP. */
const udpPayloadSize = 1232
const clientSubnet = 8

/** One question in wire format, not recursive, with the client subnet (RFC 7871) that the answer is to be for. */
export function encodeQuestion(id: number, { fqdn, type }: Question, subnet: string): Buffer {
  const [ip = '', mask = '0'] = subnet.split('/')
  const bits = Number(mask)
  const edns: OptAnswer = {
    type: 'OPT',
    name: '.',
    udpPayloadSize,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [{ code: clientSubnet, family: isIPv6(ip) ? 2 : 1, ip, sourcePrefixLength: bits }],
  }
  const message = encode({
    type: 'query',
    id,
    questions: [{ type, class: 'IN', name: fqdn }],
    additionals: [edns],
  })
  // The subnet's last byte ends the message. Bits beyond the mask must be zero, or the server refuses.
  const beyond = bits % 8
  if (beyond > 0) message[message.length - 1] = (message.at(-1) ?? 0) & (0xff << (8 - beyond))
  return message
}

export type Reply = { readonly truncated: boolean; readonly answer: Answer }

/** Reads a reply to a question; undefined for anything else. */
export function decodeReply(message: Buffer, id: number, { fqdn, type }: Question): Reply | undefined {
  const reply = decodeMessage(message)
  const asked = reply?.questions?.[0]
  if (reply?.type !== 'response' || reply.id !== id || asked?.type !== type) return undefined
  if (normalizeName(asked.name) !== fqdn) return undefined
  const records = (reply.answers ?? []).flatMap(record =>
    record.type === type && normalizeName(record.name) === fqdn ? [textOf(record)] : [],
  )
  const problem = problemOf(reply, type, records)
  const scope = scopeOf(reply)
  return {
    truncated: reply.flag_tc,
    answer: {
      records,
      ...problem,
      ...(provesAbsence(reply, fqdn) && { absent: true }),
      ...(scope && { scope }),
    },
  }
}

/** Names are told without their final dot; a text is told whole, of however many strings. */
function textOf({ type, data }: { type: string; data: unknown }): string {
  return type === 'TXT' ? [data].flat().join('') : normalizeName(String(data))
}

function scopeOf({ additionals = [] }: Message): number | undefined {
  for (const record of additionals) {
    if (record.type !== 'OPT') continue
    for (const option of record.options) {
      if (option.code === clientSubnet && 'scopePrefixLength' in option) return option.scopePrefixLength
    }
  }
  return undefined
}

type Message = DecodedPacket & { rcode: string }

function decodeMessage(message: Buffer): Message | undefined {
  try {
    return decode(message) as Message
  } catch {
    return undefined
  }
}

/** A CNAME that leads to nothing is answered NXDOMAIN too; and whose word it is, the SOA of the zone says (RFC 2308). */
function provesAbsence(reply: Message, fqdn: string): boolean {
  const ofZone = (reply.authorities ?? []).some(
    ({ type, name }) => type === 'SOA' && isWithin(fqdn, normalizeName(name)),
  )
  return reply.rcode === 'NXDOMAIN' && reply.flag_aa && (reply.answers ?? []).length === 0 && ofZone
}

function problemOf(reply: Message, type: Question['type'], records: readonly string[]): { problem?: string } {
  if (reply.rcode !== 'NOERROR') return { problem: `answered ${reply.rcode}` }
  if (!reply.flag_aa) return { problem: 'answered without authority for the zone' }
  return records.length > 0 ? {} : { problem: tellEmptiness(type) }
}
