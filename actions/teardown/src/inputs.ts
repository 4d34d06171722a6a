import { awsInputs, checkRegions } from '@meridian/aws'
import { isWithin, parseNameServer, recordLabel, zoneId } from '@meridian/dns/inputs'
import {
  type ClusterDescriptor,
  checkClusters,
  completeClusters,
  type GivenCluster,
  givenClusters,
  identityInputs,
  parseStore,
  recordName,
  repositoryPattern,
} from '@meridian/identity'
import {
  defineInputs,
  type Environment,
  flag,
  type InputsOf,
  integer,
  label,
  list,
  oneOf,
  optional,
  type Problem,
  required,
  secret,
  text,
  waitingTime,
  yamlOf,
} from '@meridian/runner'
import { storeInputs } from '@meridian/state/inputs'
import { karmadaInputs, kopsInputs } from '@meridian/tools/inputs'

/** What can be removed, in the order in which it is. */
export const scopes = ['dns', 'app', 'federation', 'clusters', 'state'] as const
export type Scope = (typeof scopes)[number]

const spec = {
  clusters: optional(yamlOf(givenClusters)),
  host: optional(hostOf),
  federation: required(label(63)),
  app: optional(label(63)),
  ...identityInputs,
  ...storeInputs,
  records: optional(list(recordLabel)),
  owner: optional(label(63)),
  'zone-id': optional(zoneId),
  scope: required(list(oneOf(...scopes))),
  mode: required(oneOf('destroy', 'reap')),
  'max-clusters': required(integer(1, 1000)),
  'github-token': secret(optional(text)),
  owners: optional(list(repositoryPattern)),
  'state-stores': optional(list(parseStore)),
  'name-servers': optional(list(parseNameServer)),
  force: required(flag),
  ...kopsInputs,
  ...karmadaInputs,
  'dry-run': required(flag),
  timeout: required(waitingTime),
  'cluster-timeout': required(waitingTime),
  'lease-timeout': required(waitingTime),
  'drain-time': optional(waitingTime),
  ...awsInputs,
}

type Given = InputsOf<typeof spec>

export type Inputs = Omit<Given, 'clusters' | 'scope' | 'host'> & {
  readonly clusters: readonly ClusterDescriptor[]
  /** Where the federation lives, if an input says so; it need not be one of the clusters. */
  readonly host: ClusterDescriptor | undefined
  /** Other members of the host's federation, into which is only looked: what of the app is still in them. */
  readonly members: readonly ClusterDescriptor[]
  /** Full names of the records that were asked for; undefined for all of the run's own. */
  readonly recordNames: readonly string[] | undefined
  readonly scope: ReadonlySet<Scope>
}

const readGiven = defineInputs(spec, check)

/** Reads every input at once; throws one UserError for all that is wrong with them. */
export function readInputs(env: Environment): Inputs {
  const given = readGiven(env)
  const clusters = completeClusters(given.clusters ?? [], given)
  return Object.freeze({
    ...given,
    clusters,
    host: given.host === undefined ? undefined : findHost(given.host, clusters, given),
    members: [],
    recordNames: given.records?.map(record => fullRecordName(record, given)),
    scope: new Set(given.scope),
  })
}

/** Names are in an account, and states; clusters of kind alone are in none. */
export function needsAccount({ mode, scope, clusters, host }: Inputs): boolean {
  if (mode === 'reap' || scope.has('dns') || scope.has('state')) return true
  const all = [...clusters, ...(host ? [host] : [])]
  return all.some(({ provider }) => provider !== 'kind')
}

type GivenHost = string | GivenCluster

/** One of the clusters by its name, or another one, which is described like them and stays. */
function hostOf(raw: string): GivenHost {
  if (/^[a-z0-9-]*$/.test(raw)) return label(15)(raw)
  const [host, ...others] = yamlOf(givenClusters)(`[${raw}]`)
  if (host === undefined || others.length > 0) throw new Error('must be one cluster')
  return host
}

function findHost(
  host: GivenHost,
  clusters: readonly ClusterDescriptor[],
  given: Given,
): ClusterDescriptor | undefined {
  const name = typeof host === 'string' ? host : host.name
  const named = clusters.find(cluster => cluster.name === name)
  return named ?? (typeof host === 'string' ? undefined : completeClusters([host], given)[0])
}

/** A record may be given as latency-dns takes it, or in full. */
function fullRecordName(record: string, given: Given): string {
  return isWithin(record, given.domain) ? record : recordName(record, given)
}

function check(inputs: Given): Problem[] {
  const { host } = inputs
  return [...(typeof host === 'object' ? checkClusters([host], 'host') : []), ...checkMode(inputs)]
}

function checkMode(inputs: Given): Problem[] {
  if (inputs.mode === 'reap') return checkReaping(inputs)
  if (inputs.clusters === undefined) {
    // An environment without a cluster of its own has its app in the federation of another's.
    const known = typeof inputs.host === 'object' ? ['dns', 'app'] : ['dns']
    const needing = inputs.scope.filter(scope => !known.includes(scope))
    if (needing.length === 0) return [...checkReaperInputs(inputs), ...checkApp(inputs)]
    return [
      { input: 'clusters', message: `is required for the scope ${needing.join(', ')}, but it was not given` },
    ]
  }
  const problems = [
    ...checkReaperInputs(inputs),
    ...checkApp(inputs),
    ...checkClusters(inputs.clusters),
    ...checkRegions(inputs.clusters),
  ]
  if (inputs.clusters.length > inputs.maxClusters) {
    const message = `names ${inputs.clusters.length} clusters, but max-clusters is ${inputs.maxClusters}`
    problems.push({ input: 'clusters', message })
  }
  const { host } = inputs
  if (typeof host === 'string' && !inputs.clusters.some(({ name }) => name === host)) {
    const names = inputs.clusters.map(({ name }) => name).join(', ')
    const message = `'${host}' is none of the clusters ${names}: give its region too, as {name: ${host}, region: …}`
    problems.push({ input: 'host', message })
  }
  return problems
}

/** One app of several: what holds all of them does not go with it, and the marks of records name no app. */
function checkApp({ app, scope, records }: Given): Problem[] {
  if (app === undefined) return []
  const wider = scope.filter(one => one !== 'dns' && one !== 'app')
  if (wider.length > 0 || !scope.includes('app')) {
    const message = `must be app or dns,app where app names one of several, but it is ${scope.join(',')}`
    return [{ input: 'scope', message }]
  }
  if (!scope.includes('dns') || records !== undefined) return []
  const message = 'is required for the scope dns where app is given: the marks of records name no app'
  return [{ input: 'records', message }]
}

/** What a reaper deletes follows from claims: an input that names something would not be heeded. */
function checkReaping(inputs: Given): Problem[] {
  const { clusters, host, environment, stateStore, app, records, owner } = inputs
  const given = { clusters, host, environment, 'state-store': stateStore, app, records, owner }
  return Object.entries(given)
    .filter(([, value]) => value !== undefined)
    .map(([input]) => ({
      input,
      message: 'must not be given in mode reap, which finds environments by their claims',
    }))
}

/** The destroyer acts for one identity, on what is named: what widens a reaper would not be heeded. */
function checkReaperInputs(inputs: Given): Problem[] {
  const given = {
    owners: inputs.owners,
    'state-stores': inputs.stateStores,
    'name-servers': inputs.nameServers,
  }
  return Object.entries(given)
    .filter(([, value]) => value !== undefined)
    .map(([input]) => ({ input, message: 'is for mode reap alone' }))
}
