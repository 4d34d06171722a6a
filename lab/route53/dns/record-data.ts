import type { StringAnswer } from 'dns-packet'
import type { DnsRecord } from '../answer-question.ts'
import { labelsOf } from '../domain-name.ts'

/** A name as the packet library wants it: labels as they are, no final dot. */
function wireName(name: string): string {
  return labelsOf(name).join('.')
}

/** A record for a packet; undefined for types that the lab stores but does not answer. */
export function packetRecord({ name, type, ttl, value }: DnsRecord): StringAnswer | undefined {
  const data = dataOf(type, value)
  // The library's types tie each record type to its data: what is checked here is checked by dataOf.
  return data === undefined ? undefined : ({ name: wireName(name), type, ttl, data } as StringAnswer)
}

function dataOf(type: string, value: string): unknown {
  const words = value.trim().split(/\s+/)
  switch (type) {
    case 'A':
    case 'AAAA':
      return value
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return wireName(value)
    case 'TXT':
      return stringsOf(value)
    case 'MX':
      return { preference: Number(words[0]), exchange: wireName(words[1] ?? '') }
    case 'SRV': {
      const [priority, weight, port] = words.map(Number)
      return { priority, weight, port, target: wireName(words[3] ?? '') }
    }
    case 'CAA':
      return { flags: Number(words[0]), tag: words[1], value: words.slice(2).join(' ').replaceAll('"', '') }
    case 'SOA':
      return soaOf(words)
    default:
      return undefined
  }
}

function soaOf([mname = '', rname = '', ...numbers]: string[]) {
  const [serial, refresh, retry, expire, minimum] = numbers.map(Number)
  return { mname: wireName(mname), rname: wireName(rname), serial, refresh, retry, expire, minimum }
}

/** The strings of a TXT value, with `\ddd` (octal) and `\"` resolved. */
function stringsOf(value: string): Buffer[] {
  return [...value.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) =>
    Buffer.from(
      text.replace(/\\([0-3][0-7]{2}|.)/g, (_, escaped: string) =>
        escaped.length === 1 ? escaped : String.fromCharCode(Number.parseInt(escaped, 8)),
      ),
      'latin1',
    ),
  )
}
