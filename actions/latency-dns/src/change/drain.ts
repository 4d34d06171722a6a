import { type CityAnswer, longestTtl, type Plan, spreadMilliseconds } from '@meridian/dns'
import { formatDuration, type Job, pause, UserError } from '@meridian/runner'
import type { Inputs } from '../inputs.ts'
import type { Known } from './wait-in-sync.ts'

/**
 * Waits until no resolver leads to a region that was taken out, counted from `since`. Throws a UserError where that is not
 * sure: whoever asks for it is about to touch what served there. A run that finds the region out already waits too, for
 * that change to spread as well, since it does not know since when it is.
 */
export async function drain(
  job: Job,
  inputs: Inputs,
  seen: {
    readonly since: number
    readonly plan: Plan
    readonly known: Known
    readonly cities: readonly CityAnswer[]
  },
): Promise<void> {
  const { drainTime, regions = [], fqdn } = inputs
  if (drainTime === undefined) return
  if (seen.known === 'no')
    throw new UserError(`${fqdn}: not all name servers are known to have left out ${regions.join(', ')}`, {
      fix: 'Run this again in a minute. Nothing else has been touched.',
    })
  const unmoved = unmovedCities(seen.cities)
  if (unmoved.length > 0)
    throw new UserError(`${fqdn}: still answered with what is taken out in ${unmoved.join(', ')}`, {
      fix: 'Look at the table of cities, and run this again. Nothing else has been touched.',
    })
  const spread = seen.known === 'unwatched' ? spreadMilliseconds : 0
  const wanted = drainTime === 'ttl' ? rememberedSeconds(seen.plan) * 1000 + spread : drainTime
  const left = seen.since + wanted - Date.now()
  if (left <= 0) return
  job.log.info(`Waiting ${formatDuration(left)}: so long may resolvers lead to ${regions.join(', ')}.`)
  await pause(left, job.signal)
}

/** How long resolvers may remember a group as it was before its change. Pure. */
export function rememberedSeconds({ rows }: Plan): number {
  return longestTtl(rows.filter(({ record }) => record === 'latency').flatMap(({ before }) => before ?? []))
}

/** The cities that were answered with something that no record of the group has. Pure. */
export function unmovedCities(cities: readonly CityAnswer[]): string[] {
  return cities
    .filter(({ answer, region }) => answer.length > 0 && region === undefined)
    .map(({ city }) => city)
}
