import { isAccessDenied } from '@meridian/aws'
import { messageOf, type Patience } from '@meridian/runner'
import { type Answer, askAnswer, askQuietly, type Question } from './ask-answer.ts'
import { askNameServers } from './ask-name-servers.ts'
import {
  type Anchor,
  type AskedFrom,
  type CityAnswer,
  compareAnswers,
  type Regions,
} from './compare-answers.ts'
import { findNearest } from './geography.ts'
import type { LatencyRecord } from './latency-record.ts'
import { mapLimited } from './map-limited.ts'
import type { NameServer } from './name-server.ts'
import type { Route53 } from './route53.ts'
import { worldVantagePoints } from './vantage-points.ts'

export type Verification = {
  readonly cities: readonly CityAnswer[]
  /** Why Route 53's API was not asked: the permission that is missing. */
  readonly notAllowed?: string
  /** The name servers that answered, and those that did not, each with the reason. */
  readonly servers: readonly string[]
  readonly unreachable: readonly string[]
}

/** Route 53 takes five requests a second from an account, and others have some to make too. */
const atOnce = 4

/**
 * Asks Route 53 what it answers to each city, by its API TestDNSAnswer and at the name servers themselves, and
 * compares that with the region that is nearest to the city by great circle. Route 53 decides by measured latency,
 * so a difference is worth a look, not a proof of a fault.
 */
export async function verifyGroup(
  patience: Patience,
  route53: Route53,
  where: { zoneId: string; fqdn: string; nameServers: readonly NameServer[] },
  group: readonly LatencyRecord[],
  from: readonly AskedFrom[],
  regions: Regions,
): Promise<Verification> {
  const question: Question = { fqdn: where.fqdn, type: group[0]?.kind === 'cname' ? 'CNAME' : 'A' }
  const anchors = question.type === 'A' ? anchorsOf(group, regions) : []
  const subnets = [...new Set([...from, ...anchors].map(({ subnet }) => subnet))]
  const [api, servers] = await Promise.all([
    askApi(patience, route53, where.zoneId, question, subnets),
    askNameServers(patience.signal, where.nameServers, question, subnets),
  ])
  const answers = api instanceof Map ? api : undefined
  return {
    cities: compareAnswers(from, { api: answers, servers }, group, regions, anchors),
    ...(typeof api === 'string' && { notAllowed: api }),
    servers: servers.flatMap(one => ('answers' in one ? [one.server] : [])),
    unreachable: servers.flatMap(one => ('unreachable' in one ? [`${one.server} (${one.unreachable})`] : [])),
  }
}

/** Route 53's own word by subnet, or the reason why it may not be asked. */
async function askApi(
  patience: Patience,
  route53: Route53,
  zoneId: string,
  question: Question,
  subnets: readonly string[],
): Promise<Map<string, Answer> | string> {
  const [first, ...others] = subnets
  const answers = new Map<string, Answer>()
  if (first === undefined) return answers
  try {
    answers.set(first, await askAnswer(patience, route53, zoneId, question, first))
  } catch (error) {
    if (isAccessDenied(error)) return messageOf(error)
    patience.signal.throwIfAborted()
    answers.set(first, { records: [], problem: messageOf(error) })
  }
  await mapLimited(others, atOnce, async subnet => {
    answers.set(subnet, await askQuietly(patience, route53, zoneId, question, subnet))
  })
  return answers
}

function anchorsOf(group: readonly LatencyRecord[], regions: Regions): Anchor[] {
  return group.flatMap(({ region }) => {
    const position = regions[region]
    const next = position && findNearest(position, worldVantagePoints)
    return next ? [{ subnet: next.subnet, expected: region }] : []
  })
}
