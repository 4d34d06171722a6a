import { answerQuestion, type DnsRecord, type Position, type Resolver } from '../answer-question.ts'
import { isWithin, labelsOf, nameOf } from '../domain-name.ts'
import { publishedRecords } from '../published-records.ts'
import type { RecordTable } from '../record-table.ts'
import type { Zone } from '../zones.ts'
import { type Authority, refusal } from './answer-packet.ts'

/**
 * What the name servers of the public zones say at `now`, in world seconds: only what has reached them. Names of no
 * zone are REFUSED, names below a delegation are referred.
 */
export function askZones(
  zones: readonly Zone[],
  now: number,
  question: { name: string; type: string },
  client: Position,
  resolver: Resolver,
): Authority {
  const zone = findZone(zones, question.name)
  if (!zone || question.type === 'AXFR' || question.type === 'IXFR') return refusal('REFUSED')
  const records = publishedRecords(zone, now)
  const delegation = findDelegation(zone, records, question.name)
  if (delegation.length > 0) return { ...refusal('NOERROR'), authority: delegation }
  const { name } = question
  // RFC 8482: whoever asks for any type is content with one.
  const type = question.type === 'ANY' ? (records.at(name)[0]?.type ?? 'A') : question.type
  const answer = answerQuestion(records, { name, type }, client, resolver)
  const negative = answer.records.length === 0
  return { ...answer, authoritative: true, authority: negative ? soaOf(zone, records) : [] }
}

function findZone(zones: readonly Zone[], name: string): Zone | undefined {
  return zones
    .filter(zone => !zone.private && isWithin(name, zone.name))
    .toSorted((a, b) => b.name.length - a.name.length)[0]
}

function findDelegation(zone: Zone, records: RecordTable, name: string): DnsRecord[] {
  const labels = labelsOf(name)
  const depth = labels.length - labelsOf(zone.name).length
  for (let index = depth - 1; index >= 0; index -= 1) {
    const servers = linesOf(records, nameOf(labels.slice(index)), 'NS')
    if (servers.length > 0) return servers
  }
  return []
}

/** RFC 2308: a negative answer lives as long as the lesser of the SOA's TTL and its last number. */
function soaOf(zone: Zone, records: RecordTable): DnsRecord[] {
  return linesOf(records, zone.name, 'SOA').map(line => ({
    ...line,
    ttl: Math.min(line.ttl, Number(line.value.split(' ').at(-1))),
  }))
}

function linesOf(records: RecordTable, name: string, type: string): DnsRecord[] {
  return records
    .at(name)
    .filter(record => record.type === type)
    .flatMap(({ ttl = 0, values }) => values.map(value => ({ name, type, ttl, value })))
}
