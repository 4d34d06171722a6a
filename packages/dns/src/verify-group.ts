import { isAccessDenied } from '@meridian/aws'
import { messageOf, type Patience } from '@meridian/runner'
import { type Answer, askAnswer, askQuietly, type Question } from './ask-answer.ts'
import { findNearest, type Position } from './geography.ts'
import { judgeAddresses, judgeTargets } from './judge-answers.ts'
import type { LatencyRecord } from './latency-record.ts'
import { mapLimited } from './map-limited.ts'
import type { Route53 } from './route53.ts'

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

/** All cities, or why nothing could be asked. */
export type Verification =
  | { readonly kind: 'asked'; readonly cities: readonly CityAnswer[] }
  | { readonly kind: 'not-allowed'; readonly reason: string }

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
  regions: Readonly<Record<string, Position | undefined>>,
): Promise<Verification> {
  const type = group[0]?.kind === 'cname' ? 'CNAME' : 'A'
  const question: Question = { ...where, type }
  const [first, ...others] = from
  if (first === undefined) return { kind: 'asked', cities: [] }
  let opening: Answer
  try {
    opening = await askAnswer(patience, route53, question, first.subnet)
  } catch (error) {
    if (isAccessDenied(error)) return { kind: 'not-allowed', reason: messageOf(error) }
    patience.signal.throwIfAborted()
    opening = { records: [], problem: messageOf(error) }
  }
  const rest = await mapLimited(others, atOnce, ({ subnet }) =>
    askQuietly(patience, route53, question, subnet),
  )
  return { kind: 'asked', cities: compareAnswers(from, [opening, ...rest], group, regions) }
}

/** Puts answers beside expectations, in the order of `from`. Pure. */
export function compareAnswers(
  from: readonly AskedFrom[],
  answers: readonly Answer[],
  group: readonly LatencyRecord[],
  regions: Readonly<Record<string, Position | undefined>>,
): CityAnswer[] {
  const heard = from.map((point, at) => ({
    expected: expectedRegion(point, group, regions),
    answer: answers[at] ?? { records: [], problem: 'was not asked' },
  }))
  const judged = group[0]?.kind === 'cname' ? judgeTargets(heard, group) : judgeAddresses(heard, group)
  return from.map(({ city, subnet }, at) => {
    const { expected = '', answer } = heard[at] ?? {}
    const seen = judged[at] ?? {}
    return { city, subnet, expected, ...seen, answer: answer?.records ?? [], ok: seen.region === expected }
  })
}

function expectedRegion(
  point: AskedFrom,
  group: readonly LatencyRecord[],
  regions: Readonly<Record<string, Position | undefined>>,
): string {
  if (point.expected !== undefined) return point.expected
  const places = group.flatMap(({ region }) => {
    const position = regions[region]
    return position ? [{ region, latitude: position.latitude, longitude: position.longitude }] : []
  })
  return ('latitude' in point ? findNearest(point, places)?.region : undefined) ?? ''
}
