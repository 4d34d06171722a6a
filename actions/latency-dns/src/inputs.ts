import { awsInputs, checkRegions, knownToAws } from '@meridian/aws'
import type { NameServer } from '@meridian/dns'
import {
  checkEndpoints,
  checkRecord,
  latencyRegions,
  parseNameServer,
  recordLabel,
  zoneId,
} from '@meridian/dns/inputs'
import {
  checkClusters,
  checkHost,
  givenClusters,
  identityInputs,
  ownerRecordName,
  pullRequestInputs,
  recordName,
  region,
} from '@meridian/identity'
import {
  defineInputs,
  duration,
  type Environment,
  flag,
  type InputsOf,
  integer,
  label,
  list,
  oneOf,
  optional,
  type Parser,
  type Problem,
  required,
  text,
  waitingTime,
  yamlOf,
} from '@meridian/runner'
import { endpoints, type PageEndpoint } from './inputs/parse-endpoints.ts'
import { healthChecks } from './inputs/parse-health-checks.ts'
import { vantagePoints } from './inputs/parse-vantage-points.ts'

const planDigest: Parser<string> = raw => {
  if (!/^[0-9a-f]{16}$/.test(raw)) throw new Error("must be the 16 digits of a plan's digest")
  return raw
}

/** Name servers as `host[:port]`, or `none`. */
const nameServers: Parser<NameServer[]> = raw => (raw === 'none' ? [] : list(parseNameServer)(raw))

/** Milliseconds, or `ttl` for as long as resolvers may remember. */
const drainTime: Parser<number | 'ttl'> = raw => (raw === 'ttl' ? raw : waitingTime(raw))

const path: Parser<string> = raw => {
  if (!/^\/[!-~]{0,1000}$/.test(raw) || raw.startsWith('//') || raw.includes('#'))
    throw new Error("must be a path such as '/healthz'")
  return raw
}

const spec = {
  ...identityInputs,
  ...pullRequestInputs,
  'zone-id': optional(zoneId),
  record: required(recordLabel),
  endpoints: optional(endpoints),
  type: required(oneOf('auto', 'alias', 'cname')),
  ttl: required(integer(1, 604_800)),
  'evaluate-target-health': required(flag),
  'health-checks': optional(healthChecks),
  mode: required(oneOf('apply', 'plan', 'destroy', 'take-out', 'bring-back', 'look', 'reserve')),
  regions: optional(list(knownToAws(region))),
  'max-out': optional(integer(1, 50)),
  upgrade: optional(flag),
  'drain-time': optional(drainTime),
  clusters: optional(yamlOf(givenClusters)),
  host: optional(text),
  owner: optional(label(63)),
  lifetime: optional(duration),
  adopt: required(flag),
  'approved-plan': optional(planDigest),
  'min-regions': required(integer(1, 50)),
  'max-deletes': required(integer(0, 50)),
  protect: required(flag),
  wait: required(flag),
  'wait-timeout': required(waitingTime),
  verify: required(oneOf('true', 'strict', 'false')),
  'name-servers': optional(nameServers),
  'vantage-points': optional(vantagePoints),
  page: required(oneOf('true', 'strict', 'false')),
  'page-path': optional(path),
  'dry-run': required(flag),
  timeout: required(waitingTime),
  ...awsInputs,
}

const readGiven = defineInputs(spec, check)
type Given = InputsOf<typeof spec>

export type Inputs = Given & {
  /** The record's full name. */
  readonly fqdn: string
  /** Empty in modes that need none. */
  readonly endpoints: readonly PageEndpoint[]
}

/** Reads every input at once; throws one UserError for all that is wrong with them. */
export function readInputs(env: Environment): Inputs {
  const given = readGiven(env)
  return Object.freeze({
    ...given,
    fqdn: fqdnOf(given),
    endpoints: given.endpoints ?? [],
  })
}

/** Whether the records are made of endpoints in a run; otherwise they stay or go as they are. */
export const isBuilt = ({ mode, endpoints }: Pick<Inputs, 'mode' | 'endpoints'>) =>
  mode === 'apply' || mode === 'plan' || (mode === 'bring-back' && endpoints.length > 0)

/** Modes that say who serves, and not what with. */
export const isOutage = (mode: Given['mode']) => mode === 'take-out' || mode === 'bring-back'

/** What is given belongs to the mode. */
function checkModes({
  mode,
  regions,
  endpoints,
  maxOut,
  upgrade,
  drainTime,
  clusters,
  host,
}: Given): Problem[] {
  const problems: Problem[] = []
  const only = (input: string, value: unknown, ...modes: Given['mode'][]) => {
    if (value === undefined || modes.includes(mode)) return
    const words =
      modes.length === 1
        ? `mode ${modes[0]}`
        : `the modes ${modes.join(', ').replace(/, ([^,]*)$/, ' and $1')}`
    problems.push({ input, message: `is for ${words}, but the mode is ${mode}` })
  }
  only('regions', regions, 'destroy', 'take-out', 'bring-back')
  only('max-out', maxOut, 'take-out')
  only('upgrade', upgrade || undefined, 'take-out', 'look')
  only('drain-time', drainTime, 'take-out')
  only('clusters', clusters, 'look')
  only('host', host, 'look')
  if (isOutage(mode) && regions === undefined) {
    const message = `is required in mode ${mode}: the regions, such as ap-northeast-1`
    problems.push({ input: 'regions', message })
  }
  const served = new Set(endpoints?.map(endpoint => endpoint.region))
  const unserved = mode === 'bring-back' && endpoints ? (regions ?? []).filter(each => !served.has(each)) : []
  if (unserved.length > 0)
    problems.push({
      input: 'endpoints',
      message: `has none in ${unserved.join(', ')}, which is to be brought back`,
    })
  if (clusters !== undefined)
    problems.push(...checkClusters(clusters), ...checkRegions(clusters), ...checkHost(host, clusters))
  return problems
}

function fqdnOf({ record, domain, environment }: Given): string {
  return recordName(record, { domain, environment })
}

function check(inputs: Given): Problem[] {
  const problems: Problem[] = []
  const fqdn = fqdnOf(inputs)
  const { record, domain } = inputs
  problems.push(...checkRecord(record, domain))
  if (ownerRecordName(fqdn).length > 253) {
    problems.push({
      input: 'record',
      message: `makes a name that is too long with its owner mark: ${ownerRecordName(fqdn)}`,
    })
  }
  problems.push(...checkModes(inputs))
  if (['destroy', 'look', 'take-out', 'reserve'].includes(inputs.mode)) return problems
  if (inputs.endpoints === undefined) {
    // The next run that knows what serves the region makes its record.
    if (inputs.mode === 'bring-back') return problems
    return [
      ...problems,
      { input: 'endpoints', message: `is required in mode ${inputs.mode}, but it was not given` },
    ]
  }
  const wrong = checkEndpoints(inputs.endpoints, latencyRegions)
  if (inputs.endpoints.some(({ hostname }) => hostname === fqdn)) wrong.push(`points ${fqdn} at itself`)
  problems.push(...wrong.slice(0, 10).map(message => ({ input: 'endpoints', message })))
  const used = new Set(inputs.endpoints.map(({ region }) => region))
  for (const region of Object.keys(inputs.healthChecks ?? {})) {
    if (!used.has(region))
      problems.push({ input: 'health-checks', message: `names '${region}', which no endpoint is in` })
  }
  for (const { city, expected } of inputs.vantagePoints ?? []) {
    if (!used.has(expected)) {
      problems.push({
        input: 'vantage-points',
        message: `expects '${expected}' in ${city}, which no endpoint is in`,
      })
    }
  }
  return problems
}
