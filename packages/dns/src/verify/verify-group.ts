import { isAccessDenied } from '@meridian/aws'
import { messageOf, pause } from '@meridian/runner'
import type { LatencyRecord } from '../records/latency-record.ts'
import type { Route53 } from '../route53.ts'
import { type Answer, askAnswer, type Question } from './ask-answer.ts'
import { askNameServers } from './ask-name-servers.ts'
import {
  type Anchor,
  type AskedFrom,
  type CityAnswer,
  compareAnswers,
  type Regions,
} from './compare-answers.ts'
import { findNearest } from './geography.ts'
import type { NameServer } from './parse-name-server.ts'
import { trustAnswers } from './trust-answers.ts'
import { worldVantagePoints } from './vantage-points.ts'

export type Verification = {
  readonly cities: readonly CityAnswer[]
  /** Why Route 53's API was not asked where it should have been: the permission that is missing. */
  readonly notAllowed?: string
  /** The name servers that answered, and those that did not, each with the reason. */
  readonly servers: readonly string[]
  readonly unreachable: readonly string[]
  /** Those some of whose answers prove nothing of a city (see `trustAnswers`). */
  readonly distrusted: readonly string[]
}

/** Route 53 takes five requests a second from an account, and others have some to make too. */
const apiPause = 500

/**
 * Asks what is answered to each city, and compares that with the region that is nearest to the city by great circle.
 * Route 53 decides by measured latency, so a difference is worth a look, not a proof of a fault. The zone's name servers
 * are asked first: they say what users get, and no quota is spent. Route 53's API TestDNSAnswer is asked only of cities
 * that they have not answered for, a request every `pause` milliseconds.
 */
export async function verifyGroup(
  signal: AbortSignal,
  route53: Route53,
  where: { zoneId: string; fqdn: string; nameServers: readonly NameServer[]; pause?: number },
  group: readonly LatencyRecord[],
  from: readonly AskedFrom[],
  regions: Regions,
): Promise<Verification> {
  const question: Question = { fqdn: where.fqdn, type: group[0]?.kind === 'cname' ? 'CNAME' : 'A' }
  const anchors = question.type === 'A' ? anchorsOf(group, regions) : []
  const subnets = [...new Set([...from, ...anchors].map(({ subnet }) => subnet))]
  const heard = await askNameServers(signal, where.nameServers, question, subnets)
  const { servers, distrusted } = trustAnswers(heard, group.length)
  const answered = (subnet: string) => servers.some(one => 'answers' in one && one.answers.has(subnet))
  const open = from.map(({ subnet }) => subnet).filter(subnet => !answered(subnet))
  const left = open.length > 0 ? [...new Set([...open, ...anchors.map(({ subnet }) => subnet)])] : []
  const api = await askApi(signal, route53, { pause: apiPause, ...where }, question, left)
  const answers = api instanceof Map ? api : undefined
  return {
    cities: compareAnswers(from, { api: answers, servers }, group, regions, anchors),
    ...(typeof api === 'string' && { notAllowed: api }),
    servers: servers.flatMap(one => ('answers' in one ? [one.server] : [])),
    unreachable: servers.flatMap(one => ('unreachable' in one ? [`${one.server} (${one.unreachable})`] : [])),
    distrusted,
  }
}

/** Route 53's own word by subnet, or the reason why it may not be asked. */
async function askApi(
  signal: AbortSignal,
  route53: Route53,
  { zoneId, pause: milliseconds }: { zoneId: string; pause: number },
  question: Question,
  subnets: readonly string[],
): Promise<Map<string, Answer> | string> {
  const answers = new Map<string, Answer>()
  for (const subnet of subnets) {
    if (answers.size > 0) await pause(milliseconds, signal)
    try {
      answers.set(subnet, await askAnswer(route53, zoneId, question, subnet))
    } catch (error) {
      signal.throwIfAborted()
      if (answers.size === 0 && isAccessDenied(error)) return messageOf(error)
      // One city's failure leaves the others standing.
      answers.set(subnet, { records: [], problem: messageOf(error) })
    }
  }
  return answers
}

function anchorsOf(group: readonly LatencyRecord[], regions: Regions): Anchor[] {
  return group.flatMap(({ region }) => {
    const position = regions[region]
    const next = position && findNearest(position, worldVantagePoints)
    return next ? [{ subnet: next.subnet, expected: region }] : []
  })
}
