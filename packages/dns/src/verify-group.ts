import { isAccessDenied } from '@meridian/aws'
import { messageOf } from '@meridian/runner'
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
  signal: AbortSignal,
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
    askApi(signal, route53, where.zoneId, question, subnets),
    askNameServers(signal, where.nameServers, question, subnets),
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
  signal: AbortSignal,
  route53: Route53,
  zoneId: string,
  question: Question,
  subnets: readonly string[],
): Promise<Map<string, Answer> | string> {
  const answers = new Map<string, Answer>()
  const ask = async (subnet: string) =>
    void answers.set(subnet, await askAnswer(route53, zoneId, question, subnet))
  // One city's failure leaves the others standing.
  const askQuietly = (subnet: string) =>
    ask(subnet).catch((error: unknown) => {
      signal.throwIfAborted()
      answers.set(subnet, { records: [], problem: messageOf(error) })
    })
  const [first, ...others] = subnets
  if (first === undefined) return answers
  try {
    await ask(first)
  } catch (error) {
    if (isAccessDenied(error)) return messageOf(error)
    await askQuietly(first)
  }
  await mapLimited(others, atOnce, askQuietly)
  return answers
}

function anchorsOf(group: readonly LatencyRecord[], regions: Regions): Anchor[] {
  return group.flatMap(({ region }) => {
    const position = regions[region]
    const next = position && findNearest(position, worldVantagePoints)
    return next ? [{ subnet: next.subnet, expected: region }] : []
  })
}
