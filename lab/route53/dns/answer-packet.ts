import { isAscii } from 'node:buffer'
import {
  AUTHORITATIVE_ANSWER,
  decode,
  encode,
  type OptAnswer,
  type Packet,
  type PacketOpt,
  type Question,
  RECURSION_DESIRED,
  TRUNCATED_RESPONSE,
} from 'dns-packet'
import type { DnsRecord } from '../answer-question.ts'
import { canonicalName } from '../domain-name.ts'
import { packetRecord } from './record-data.ts'

const responseCodes = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 }
export type ResponseCode = keyof typeof responseCodes

/** What the zones say to a question; `authority` is the SOA of a negative answer or the NS of a delegation. */
export type Authority = {
  responseCode: ResponseCode
  authoritative: boolean
  records: DnsRecord[]
  authority: DnsRecord[]
  byLocation: boolean
}
/** `client` is the address in the client subnet, else that of the resolver who asks. */
export type AskZones = (question: { name: string; type: string }, client: string) => Authority

export type Asker = { address: string; transport: 'udp' | 'tcp' }

type Query = Packet & { opcode?: string }
type ClientSubnet = Extract<PacketOpt, { ip: string | undefined }>

const headerLength = 12
const questionCountAt = 4
const responseBit = 0x80
const plainUdpSize = 512
const largestUdpSize = 4096
const clientSubnetCode = 8
const badVersion = 1

/** The answer to one DNS message; undefined for what deserves none: rubbish without a header, and answers. */
export function answerPacket(message: Buffer, asker: Asker, ask: AskZones): Buffer | undefined {
  if (message.length < headerLength || ((message[2] ?? 0) & responseBit) !== 0) return undefined
  let query: Query
  try {
    query = decode(message)
  } catch {
    return encode(response({ id: message.readUInt16BE(0) }, refusal('FORMERR')))
  }
  const opt = query.additionals?.find((record): record is OptAnswer => record.type === 'OPT')
  const subnet = opt && clientSubnetOf(opt)
  const [question] = query.questions ?? []
  const problem = findProblem(query, opt, subnet)
  const client = subnet?.sourcePrefixLength ? subnet.ip : undefined
  const authority =
    problem || !question ? refusal(problem ?? 'FORMERR') : askFor(question, client ?? asker.address, ask)
  const packet = response(query, authority, opt && answerOpt(opt, subnet, authority))
  const asked = authority.responseCode === 'FORMERR' ? undefined : questionBytes(message)
  const whole = withQuestion(encode(packet), asked)
  return whole.length <= sizeLimit(asker, opt) ? whole : withQuestion(encode(truncated(packet)), asked)
}

/** The question of a sound message, to the byte: the library forgets the class where it does not know it. */
function questionBytes(message: Buffer): Buffer {
  let at = headerLength
  while (message[at]) at += 1 + (message[at] ?? 0)
  return message.subarray(headerLength, at + 1 + 4)
}

function withQuestion(packet: Buffer, asked: Buffer | undefined): Buffer {
  if (!asked) return packet
  packet.writeUInt16BE(1, questionCountAt)
  return Buffer.concat([packet.subarray(0, headerLength), asked, packet.subarray(headerLength)])
}

/** An answer without records: of a name server that is not asked rightly, or not responsible. */
export function refusal(responseCode: ResponseCode): Authority {
  return { responseCode, authoritative: false, records: [], authority: [], byLocation: false }
}

function findProblem(
  query: Query,
  opt: OptAnswer | undefined,
  subnet: ClientSubnet | undefined,
): ResponseCode | undefined {
  const [question, ...more] = query.questions ?? []
  if (!question || more.length > 0 || (subnet && !isSound(subnet))) return 'FORMERR'
  // The packet library could not write such a name back as it was.
  if (!isAscii(Buffer.from(question.name))) return 'FORMERR'
  if (query.opcode !== 'QUERY') return 'NOTIMP'
  if (opt && opt.ednsVersion > 0) return 'NOERROR'
  if (question.class !== 'IN') return 'REFUSED'
  return undefined
}

function askFor(question: Question, client: string, ask: AskZones): Authority {
  const name = canonicalName(question.name)
  const authority = ask({ name, type: question.type }, client)
  // Whoever plays with the case of a name (0x20) wants it back as it was.
  const asAsked = (line: DnsRecord) => (line.name === name ? { ...line, name: question.name } : line)
  return { ...authority, records: authority.records.map(asAsked) }
}

function clientSubnetOf(opt: OptAnswer): ClientSubnet | undefined {
  return opt.options.find((option): option is ClientSubnet => option.code === clientSubnetCode)
}

// RFC 7871, section 7.1.2: the scope in a question is 0; families are those of IPv4 and IPv6.
function isSound({ family, sourcePrefixLength = 0, scopePrefixLength = 0 }: ClientSubnet): boolean {
  const longest = family === 1 ? 32 : family === 2 ? 128 : -1
  return sourcePrefixLength <= longest && scopePrefixLength === 0
}

function answerOpt(opt: OptAnswer, subnet: ClientSubnet | undefined, authority: Authority): OptAnswer {
  const { family, ip, sourcePrefixLength = 0 } = subnet ?? { ip: undefined }
  const scopePrefixLength = authority.byLocation ? sourcePrefixLength : 0
  const echo: ClientSubnet = { code: clientSubnetCode, family, ip, sourcePrefixLength, scopePrefixLength }
  return {
    type: 'OPT',
    name: '.',
    udpPayloadSize: largestUdpSize,
    extendedRcode: opt.ednsVersion > 0 ? badVersion : 0,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: subnet && isSound(subnet) ? [echo] : [],
  }
}

function response(query: Packet, authority: Authority, opt?: OptAnswer): Packet {
  const lines = (records: DnsRecord[]) => records.flatMap(record => packetRecord(record) ?? [])
  const answers = lines(authority.records)
  const unanswerable = answers.length < authority.records.length
  const code = responseCodes[unanswerable ? 'NOTIMP' : authority.responseCode]
  const wishes = (query.flags ?? 0) & RECURSION_DESIRED
  return {
    type: 'response',
    ...(query.id !== undefined && { id: query.id }),
    flags: code | wishes | (authority.authoritative ? AUTHORITATIVE_ANSWER : 0),
    answers,
    authorities: lines(authority.authority),
    additionals: opt ? [opt] : [],
  }
}

function sizeLimit({ transport }: Asker, opt: OptAnswer | undefined): number {
  if (transport === 'tcp') return 65_535
  return Math.min(largestUdpSize, Math.max(plainUdpSize, opt?.udpPayloadSize ?? 0))
}

function truncated(packet: Packet): Packet {
  return { ...packet, flags: (packet.flags ?? 0) | TRUNCATED_RESPONSE, answers: [], authorities: [] }
}
