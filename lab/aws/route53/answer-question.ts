import { policyOf, type RecordSet } from './record-set.ts'
import type { RecordTable } from './record-table.ts'

export type Position = { latitude: number; longitude: number }
export type Resolver = {
  /** Position of a region; undefined for unknown ones. */
  positionOf(region: string): Position | undefined
  /** Addresses of a load balancer's name, [] when it does not exist. */
  addressesOf(dnsName: string): string[]
}
export type DnsAnswer = { responseCode: 'NOERROR' | 'NXDOMAIN'; data: string[] }

/**
 * What the zone answers to a client at `client`: the nearest record of a latency group, the CNAME for any
 * type, the addresses behind an alias. Distance stands for latency, as the lab has no other.
 */
export function answerQuestion(
  records: RecordTable,
  question: { name: string; type: string },
  client: Position,
  resolver: Resolver,
): DnsAnswer {
  const here = records.at(question.name)
  const cname = here.filter(record => record.type === 'CNAME')
  const candidates = cname.length > 0 ? cname : here.filter(record => record.type === question.type)
  const chosen = choose(candidates, client, resolver)
  if (chosen) return { responseCode: 'NOERROR', data: valuesOf(records, chosen, client, resolver) }
  return { responseCode: here.length > 0 ? 'NOERROR' : 'NXDOMAIN', data: [] }
}

function choose(
  candidates: readonly RecordSet[],
  client: Position,
  resolver: Resolver,
): RecordSet | undefined {
  const healthy = candidates.filter(record => isHealthy(record, resolver))
  // When nothing is healthy Route 53 answers as if everything were.
  const eligible = healthy.length > 0 ? healthy : candidates
  const [first] = eligible
  if (!first || policyOf(first) !== 'latency') return first
  const distance = (record: RecordSet) => {
    const position = resolver.positionOf(record.region ?? '')
    return position ? distanceBetween(client, position) : Number.POSITIVE_INFINITY
  }
  return eligible.toSorted((a, b) => distance(a) - distance(b))[0]
}

function isHealthy({ alias }: RecordSet, resolver: Resolver): boolean {
  return !alias?.evaluateTargetHealth || resolver.addressesOf(alias.dnsName).length > 0
}

function valuesOf(records: RecordTable, record: RecordSet, client: Position, resolver: Resolver): string[] {
  if (!record.alias) return record.values
  const { dnsName } = record.alias
  if (records.at(dnsName).length === 0) return resolver.addressesOf(dnsName)
  return answerQuestion(records, { name: dnsName, type: record.type }, client, resolver).data
}

/** Great-circle distance in kilometres. */
export function distanceBetween(a: Position, b: Position): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180
  const haversine =
    Math.sin(radians(b.latitude - a.latitude) / 2) ** 2 +
    Math.cos(radians(a.latitude)) *
      Math.cos(radians(b.latitude)) *
      Math.sin(radians(b.longitude - a.longitude) / 2) ** 2
  return 2 * 6371 * Math.asin(Math.sqrt(haversine))
}
