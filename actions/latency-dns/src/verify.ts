import { regions } from '@meridian/aws'
import {
  type CityAnswer,
  type LatencyRecord,
  type Route53,
  spreadMilliseconds,
  type Verification,
  verifyGroup,
  worldVantagePoints,
  type Zone,
} from '@meridian/dns'
import { type Job, pause, UserError } from '@meridian/runner'
import type { Known } from './change/wait-in-sync.ts'
import type { Inputs } from './inputs.ts'
import type { FindServers } from './name-servers.ts'
import { renderVerification } from './summary.ts'

/**
 * Asks Route 53 for its answer in every city, tells where it is not the expected region, and returns it. Only `strict` turns
 * a difference, or not being able to ask, into a failure: Route 53 goes by latency, not by distance.
 */
export async function verify(
  job: Job,
  client: Route53,
  inputs: Inputs,
  state: { zone: Zone; servers: FindServers; records: readonly LatencyRecord[]; known: Known },
): Promise<readonly CityAnswer[]> {
  if (inputs.verify === 'false') return []
  const strict = inputs.verify === 'strict'
  const complain = (message: string, fix: string) => {
    if (strict) throw new UserError(message, { fix, input: 'verify' })
    job.log.warning(message)
  }
  if (state.known === 'no') {
    complain(
      'The answers were not verified: name servers may not know the change yet.',
      'Run again in a minute.',
    )
    return []
  }
  const nameServers = await state.servers()
  const where = { zoneId: state.zone.id, fqdn: inputs.fqdn, nameServers }
  const standing = new Set(state.records.map(({ region }) => region))
  // Those that expect a region which is taken out have nothing to say until it is back.
  const from = inputs.vantagePoints?.filter(({ expected }) => standing.has(expected)) ?? worldVantagePoints
  const ask = () => verifyGroup(job.signal, client, where, state.records, from, regions)
  const isStale = strict ? isOtherwise : isOutdated
  const result = state.known === 'unwatched' ? await askAgain(job, inputs, ask, isStale) : await ask()
  warnOfSilence(job, result)
  if (result.notAllowed !== undefined && result.servers.length === 0) {
    complain(
      'The answers were not verified: nobody could be asked.',
      'Allow route53:TestDNSAnswer, or DNS queries to the name servers.',
    )
    return []
  }
  job.output('verification', result.cities)
  job.summary(renderVerification(inputs.fqdn, result, state.records))
  for (const line of tellCities(result)) job.log.info(line)
  const problem = judge(result.cities, strict ? state.records.map(({ region }) => region) : [])
  if (problem !== undefined) {
    complain(
      problem,
      'Look at the table of cities. If Route 53 is right for your users, use verify: true or vantage-points.',
    )
  }
  return result.cities
}

/** What differs from the expected: it may be of before a change that is still on its way to the name servers. */
const isOtherwise = ({ cities }: Verification) => cities.some(({ ok }) => !ok)
/** What cannot be the answer of the group. */
const isOutdated = ({ cities }: Verification) => cities.some(({ region }) => region === undefined)

const askAgainMilliseconds = 3_000

/**
 * Asks once more while the answers are not those of the group, as another run may have just made it so, and its change
 * is not watched. Only name servers are asked again: there is no quota for that.
 */
async function askAgain(
  job: Job,
  { wait, waitTimeout }: Inputs,
  ask: () => Promise<Verification>,
  isStale: (result: Verification) => boolean,
): Promise<Verification> {
  const end = Math.min(job.deadline, Date.now() + Math.min(waitTimeout, spreadMilliseconds))
  const byServers = ({ cities }: Verification) => cities.every(city => city.provenBy?.includes('name server'))
  for (;;) {
    const result = await ask()
    if (!wait || !isStale(result) || !byServers(result) || Date.now() + askAgainMilliseconds > end)
      return result
    job.log.info('Name servers may not know the records yet; asking them again.')
    await pause(askAgainMilliseconds, job.signal)
  }
}

function warnOfSilence(job: Job, { notAllowed, unreachable }: Verification): void {
  if (notAllowed !== undefined)
    job.log.warning(`Route 53 was not asked where its name servers did not answer: ${notAllowed}.`)
  if (unreachable.length > 0) {
    job.log.warning(
      `Name servers that could not be asked: ${unreachable.join(', ')}. Where the runner may not send DNS queries (port 53), set name-servers: none.`,
    )
  }
}

/**
 * What is not as expected, in one sentence; undefined if all is well. Pure. Regions of `all` must be answered to
 * somebody; any other must be only if it is nearest to a city.
 */
export function judge(cities: readonly CityAnswer[], all: readonly string[] = []): string | undefined {
  const wrong = cities.filter(city => !city.ok)
  const nearest = new Set(cities.map(city => city.expected))
  const missing = new Set([...nearest, ...all])
  for (const city of cities) missing.delete(city.region ?? '')
  if (missing.size > 0) {
    const names = [...missing].join(', ')
    return [...missing].some(region => nearest.has(region))
      ? `No city was answered with ${names}, though it is the nearest to some.`
      : `No city was answered with ${names}: none of the cities is near. Give vantage-points that are.`
  }
  if (wrong.length === 0) return undefined
  const names = wrong.map(city => `${city.city} ${tellDifference(city)}, not ${city.expected}`)
  return `${wrong.length} of ${cities.length} cities were not answered with the nearest region: ${names.join('; ')}`
}

function tellDifference({ region, problem }: CityAnswer): string {
  return problem ?? `got ${region}`
}

function tellCities({ cities, servers }: Verification): string[] {
  const width = Math.max(...cities.map(({ city }) => city.length))
  const api = cities.some(({ provenBy }) => provenBy === 'TestDNSAnswer') ? ['TestDNSAnswer'] : []
  return [
    `Answers of ${[...servers, ...api].join(', ')} to clients in ${cities.length} cities:`,
    ...cities.map(city =>
      city.ok
        ? `✓ ${city.city.padEnd(width)}  ${city.region}  ${city.target}`
        : `✗ ${city.city.padEnd(width)}  ${tellDifference(city)}, not ${city.expected}`,
    ),
  ]
}
