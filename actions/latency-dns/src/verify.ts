import { regions } from '@meridian/aws'
import {
  type CityAnswer,
  type LatencyRecord,
  type Route53,
  verifyGroup,
  worldVantagePoints,
  type Zone,
} from '@meridian/dns'
import { type Job, UserError } from '@meridian/runner'
import type { Inputs } from './inputs.ts'
import { renderVerification } from './summary.ts'

/**
 * Asks Route 53 for its answer in every city, and tells where it is not the expected region. Only `strict` turns
 * a difference, or not being able to ask, into a failure: Route 53 goes by latency, not by distance.
 */
export async function verify(
  job: Job,
  client: Route53,
  inputs: Inputs,
  state: { zone: Zone; records: readonly LatencyRecord[]; known: boolean },
): Promise<void> {
  if (inputs.verify === 'false') return
  const complain = (message: string, fix: string) => {
    if (inputs.verify === 'strict') throw new UserError(message, { fix, input: 'verify' })
    job.log.warning(message)
  }
  if (!state.known) {
    complain(
      'The answers were not verified: name servers may not know the change yet.',
      'Run again in a minute.',
    )
    return
  }
  const where = { zoneId: state.zone.id, fqdn: inputs.fqdn }
  const from = inputs.vantagePoints ?? worldVantagePoints
  const result = await verifyGroup(job, client, where, state.records, from, regions)
  if (result.kind === 'not-allowed') {
    complain(
      `The answers were not verified: ${result.reason}`,
      'Allow route53:TestDNSAnswer, or use verify: true.',
    )
    return
  }
  job.output('verification', result.cities)
  job.summary(renderVerification(inputs.fqdn, result.cities, state.records))
  for (const line of tellCities(result.cities)) job.log.info(line)
  const problem = judge(result.cities)
  if (problem !== undefined) {
    complain(
      problem,
      'Look at the table of cities. If Route 53 is right for your users, use verify: true or vantage-points.',
    )
  }
}

/** What is not as expected, in one sentence; undefined if all is well. Pure. */
export function judge(cities: readonly CityAnswer[]): string | undefined {
  const wrong = cities.filter(city => !city.ok)
  const missing = new Set(cities.map(city => city.expected))
  for (const city of cities) missing.delete(city.region ?? '')
  if (missing.size > 0)
    return `No city was answered with ${[...missing].join(', ')}, though it is the nearest to some.`
  if (wrong.length === 0) return undefined
  const names = wrong.map(
    ({ city, region, problem, expected }) => `${city} ${problem ?? `got ${region}`}, not ${expected}`,
  )
  return `${wrong.length} of ${cities.length} cities were not answered with the nearest region: ${names.join('; ')}`
}

function tellCities(cities: readonly CityAnswer[]): string[] {
  const width = Math.max(...cities.map(({ city }) => city.length))
  return cities.map(
    ({ city, region, target, problem, ok }) =>
      `${ok ? '✓' : '✗'} ${city.padEnd(width)}  ${problem ?? `${region}  ${target}`}`,
  )
}
