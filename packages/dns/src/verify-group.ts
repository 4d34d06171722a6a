import { isAccessDenied } from '@meridian/aws'
import { messageOf, type Patience } from '@meridian/runner'
import { type Answer, askAnswer, askQuietly, type Question } from './ask-answer.ts'
import { findNearest, type Position } from './geography.ts'
import { type Heard, judgeAddresses, judgeTargets } from './judge-answers.ts'
import type { LatencyRecord } from './latency-record.ts'
import { mapLimited } from './map-limited.ts'
import type { Route53 } from './route53.ts'
import { worldVantagePoints } from './vantage-points.ts'

/** Where a name is asked for from, and which region should answer there, if it is not the nearest. */
export type AskedFrom = { readonly city: string; readonly subnet: string } & (
  | (Position & { readonly expected?: string | undefined })
  | { readonly expected: string }
)

/** What one city was answered. `region` and `target` are absent where the answer did not tell. */
export type CityAnswer = {
  readonly city: string
  readonly subnet: string
  readonly expected: string
  readonly region?: string
  readonly target?: string
  readonly answer: readonly string[]
  readonly ok: boolean
  readonly problem?: string
}

export type Verification =
  | { readonly kind: 'asked'; readonly cities: readonly CityAnswer[] }
  | { readonly kind: 'not-allowed'; readonly reason: string }

type Regions = Readonly<Record<string, Position | undefined>>

/** Route 53 takes five requests a second from an account, and others have some to make too. */
const atOnce = 4

/**
 * Asks Route 53 what it answers to each city, and compares that with the region that is nearest to the city by
 * great circle. Route 53 decides by measured latency, so a difference is worth a look, not a proof of a fault.
 */
export async function verifyGroup(
  patience: Patience,
  route53: Route53,
  where: { zoneId: string; fqdn: string },
  group: readonly LatencyRecord[],
  from: readonly AskedFrom[],
  regions: Regions,
): Promise<Verification> {
  const type = group[0]?.kind === 'cname' ? 'CNAME' : 'A'
  const question: Question = { ...where, type }
  const anchors = type === 'A' ? anchorsOf(group, regions) : []
  const [first, ...others] = new Set([...from, ...anchors].map(({ subnet }) => subnet))
  if (first === undefined) return { kind: 'asked', cities: [] }
  const answers = new Map<string, Answer>()
  try {
    answers.set(first, await askAnswer(patience, route53, question, first))
  } catch (error) {
    if (isAccessDenied(error)) return { kind: 'not-allowed', reason: messageOf(error) }
    patience.signal.throwIfAborted()
    answers.set(first, { records: [], problem: messageOf(error) })
  }
  await mapLimited(others, atOnce, async subnet => {
    answers.set(subnet, await askQuietly(patience, route53, question, subnet))
  })
  return { kind: 'asked', cities: compareAnswers(from, answers, group, regions, anchors) }
}

function anchorsOf(group: readonly LatencyRecord[], regions: Regions): (AskedFrom & { expected: string })[] {
  return group.flatMap(({ region }) => {
    const position = regions[region]
    const next = position && findNearest(position, worldVantagePoints)
    return next ? [{ city: next.city, subnet: next.subnet, expected: region }] : []
  })
}

/** Puts answers, by subnet, beside expectations, in the order of `from`. Pure. */
export function compareAnswers(
  from: readonly AskedFrom[],
  answers: ReadonlyMap<string, Answer>,
  group: readonly LatencyRecord[],
  regions: Regions,
  anchors: readonly (AskedFrom & { expected: string })[] = [],
): CityAnswer[] {
  const hear = (point: AskedFrom): Heard => ({
    expected: expectedRegion(point, group, regions),
    answer: answers.get(point.subnet) ?? { records: [], problem: 'was not asked' },
  })
  const heard = from.map(hear)
  const judged =
    group[0]?.kind === 'cname' ? judgeTargets(heard, group) : judgeAddresses(heard, anchors.map(hear), group)
  return from.map(({ city, subnet }, at) => {
    const { expected = '', answer } = heard[at] ?? {}
    const seen = judged[at] ?? {}
    return { city, subnet, expected, ...seen, answer: answer?.records ?? [], ok: seen.region === expected }
  })
}

function expectedRegion(point: AskedFrom, group: readonly LatencyRecord[], regions: Regions): string {
  if (point.expected !== undefined) return point.expected
  const places = group.flatMap(({ region }) => {
    const position = regions[region]
    return position ? [{ region, latitude: position.latitude, longitude: position.longitude }] : []
  })
  return ('latitude' in point ? findNearest(point, places)?.region : undefined) ?? ''
}
