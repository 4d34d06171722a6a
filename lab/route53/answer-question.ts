import { canonicalName, labelsOf, nameOf } from './domain-name.ts'
import { policyOf, type RecordSet } from './record-set.ts'
import type { RecordTable } from './record-table.ts'

export type Position = { latitude: number; longitude: number }
export type Resolver = {
  /** Position of a region; undefined for unknown ones. */
  positionOf(region: string): Position | undefined
  /** Addresses of a load balancer's name, [] when it does not exist. */
  addressesOf(dnsName: string): string[]
  /** False while the health check of that id fails. */
  isHealthy(healthCheckId: string): boolean
}
/** One line of an answer; `value` is text in the form of a zone file. */
export type DnsRecord = { name: string; type: string; ttl: number; value: string }
export type DnsAnswer = {
  responseCode: 'NOERROR' | 'NXDOMAIN'
  /** The records asked for, CNAMEs first; none for a name without this type. */
  records: DnsRecord[]
  /** Whether another client might be answered otherwise. */
  byLocation: boolean
}

type Question = { name: string; type: string }

const longestChain = 8
/** Aliases to load balancers have the TTL of the load balancer. */
const loadBalancerTtl = 60
const mostMultivalueAnswers = 8

/**
 * What a zone answers to a client at `client`: the nearest record of a latency group, the CNAME for any type and
 * what it leads to within the zone, the addresses behind an alias, wildcards as in RFC 4592. Distance stands for
 * latency, as the lab has no other.
 */
export function answerQuestion(
  records: RecordTable,
  question: Question,
  client: Position,
  resolver: Resolver,
): DnsAnswer {
  const exists = records.reaches(question.name) || recordsAt(records, question.name).length > 0
  return {
    responseCode: exists ? 'NOERROR' : 'NXDOMAIN',
    ...follow({ records, client, resolver }, question, longestChain),
  }
}

type View = { records: RecordTable; client: Position; resolver: Resolver }
type Found = Omit<DnsAnswer, 'responseCode'>

function follow(view: View, { name, type }: Question, steps: number): Found {
  const here = recordsAt(view.records, name)
  const cnames = here.filter(record => record.type === 'CNAME')
  const candidates = cnames.length > 0 ? cnames : here.filter(record => record.type === type)
  const chosen = choose(candidates, view)
  const found = chosen.map(record => resolve(view, name, record, steps))
  const target = type === 'CNAME' || chosen[0]?.type !== 'CNAME' ? undefined : chosen[0].values[0]
  if (target !== undefined && steps > 0) {
    found.push(follow(view, { name: canonicalName(target), type }, steps - 1))
  }
  return {
    records: found.flatMap(one => one.records),
    byLocation: candidates.length > 1 || found.some(one => one.byLocation),
  }
}

/** The lines of one record set under the name that was asked for: an alias answers for what it points at. */
function resolve(view: View, name: string, record: RecordSet, steps: number): Found {
  const { alias, type, ttl = loadBalancerTtl } = record
  const lines = (values: string[]) => values.map(value => ({ name, type, ttl, value }))
  if (!alias) return { records: lines(record.values), byLocation: false }
  if (view.records.at(alias.dnsName).length === 0 || steps === 0) {
    return { records: lines(view.resolver.addressesOf(alias.dnsName)), byLocation: false }
  }
  const target = follow(view, { name: alias.dnsName, type }, steps - 1)
  return { ...target, records: target.records.map(line => ({ ...line, name })) }
}

/** The record sets of a name, or those of the wildcard that stands for it. */
function recordsAt(records: RecordTable, name: string): readonly RecordSet[] {
  if (records.reaches(name)) return records.at(name)
  const labels = labelsOf(name)
  // The closest name that exists decides: a wildcard further up does not count.
  for (let index = 1; index < labels.length; index += 1) {
    const encloser = nameOf(labels.slice(index))
    if (records.reaches(encloser)) return records.at(nameOf(['*', ...labels.slice(index)]))
  }
  return []
}

function choose(candidates: readonly RecordSet[], view: View): readonly RecordSet[] {
  const healthy = candidates.filter(record => isHealthy(record, view))
  // When nothing is healthy Route 53 answers as if everything were.
  const eligible = healthy.length > 0 ? healthy : candidates
  const [first] = eligible
  if (!first) return []
  switch (policyOf(first)) {
    case 'latency':
      return nearest(eligible, view)
    case 'failover':
      return [eligible.find(record => record.failover === 'PRIMARY') ?? first]
    case 'multivalue answer':
      return eligible.slice(0, mostMultivalueAnswers)
    default:
      return [first]
  }
}

function nearest(records: readonly RecordSet[], { client, resolver }: View): RecordSet[] {
  const distance = (record: RecordSet) => {
    const position = resolver.positionOf(record.region ?? '')
    return position ? distanceBetween(client, position) : Number.POSITIVE_INFINITY
  }
  return records.toSorted((a, b) => distance(a) - distance(b)).slice(0, 1)
}

function isHealthy({ alias, healthCheckId }: RecordSet, view: View): boolean {
  if (healthCheckId !== undefined && !view.resolver.isHealthy(healthCheckId)) return false
  if (!alias?.evaluateTargetHealth) return true
  const targets = view.records.at(alias.dnsName)
  if (targets.length === 0) return view.resolver.addressesOf(alias.dnsName).length > 0
  return targets.some(target => target.alias !== undefined || isHealthy(target, view))
}

/** Great-circle distance in kilometres. */
function distanceBetween(a: Position, b: Position): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180
  const haversine =
    Math.sin(radians(b.latitude - a.latitude) / 2) ** 2 +
    Math.cos(radians(a.latitude)) *
      Math.cos(radians(b.latitude)) *
      Math.sin(radians(b.longitude - a.longitude) / 2) ** 2
  return 2 * 6371 * Math.asin(Math.sqrt(haversine))
}
