import type { LatencyRecord } from '../records/latency-record.ts'
import type { Answer } from './ask-answer.ts'

/** The region that a city was answered with, as far as the answer tells. */
export type Judged = { readonly region?: string; readonly target?: string; readonly problem?: string }

export type Heard = { readonly expected: string; readonly answer: Answer }

/** Reads CNAME answers: the target is in the answer, and the group says whose it is. Pure. */
export function judgeTargets(heard: readonly Heard[], group: readonly LatencyRecord[]): Judged[] {
  return heard.map(({ answer }) => {
    if (answer.problem !== undefined) return { problem: answer.problem }
    const record = group.find(({ target }) => answer.records.includes(target))
    if (record !== undefined) return { region: record.region, target: record.target }
    return { problem: `answered ${answer.records.join(', ')}, which is not in the group` }
  })
}

/**
 * Reads answers of an alias, which are addresses of an unnamed load balancer. Pure. Answers that share most of
 * their addresses come from one load balancer. It is taken for that of the region whose `anchor` (the city next to
 * the region) got the same answer, or else of the region that most of its cities expect. So a city sent elsewhere
 * shows, and so does one load balancer for all; two regions swapped whole do not.
 */
export function judgeAddresses(
  heard: readonly Heard[],
  anchors: readonly Heard[],
  group: readonly LatencyRecord[],
): Judged[] {
  const balancers = groupByAddress([...anchors, ...heard])
  return heard.map(one => {
    if (one.answer.problem !== undefined) return { problem: one.answer.problem }
    const cities = balancers.find(balancer => balancer.includes(one)) ?? []
    const region = mostExpected(cities, anchors)
    const target = group.find(record => record.region === region)?.target
    return region !== undefined && target !== undefined
      ? { region, target }
      : { problem: 'answered unknown addresses' }
  })
}

function groupByAddress(heard: readonly Heard[]): Heard[][] {
  let groups: Heard[][] = []
  for (const one of heard) {
    const linked = groups.filter(cities =>
      cities.some(city => isOneBalancer(city.answer.records, one.answer.records)),
    )
    groups = [...groups.filter(cities => !linked.includes(cities)), [...linked.flat(), one]]
  }
  return groups
}

function isOneBalancer(left: readonly string[], right: readonly string[]): boolean {
  const shared = left.filter(address => right.includes(address)).length
  return shared > Math.min(left.length, right.length) / 2
}

function mostExpected(cities: readonly Heard[], anchors: readonly Heard[]): string | undefined {
  const votes = new Map<string, number>()
  for (const city of cities) {
    // An anchor outvotes all cities; they decide between two anchors that got the same answer.
    const weight = anchors.includes(city) ? cities.length : 1
    votes.set(city.expected, (votes.get(city.expected) ?? 0) + weight)
  }
  return [...votes].sort((a, b) => b[1] - a[1])[0]?.[0]
}
