import {
  claimKey,
  clusterFolder,
  fullName,
  makeMark,
  parseStore,
  rootOf,
  writeClaim,
} from '@meridian/identity'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import type { RequestFault } from '@meridian/lab-world'
import { account, type Repository, shop } from './owners.ts'
import { type Run, runHere } from './run-here.ts'

export const repositories: readonly Repository[] = [shop, { id: '2002', name: 'acme/other' }]

/** Three environments in two domains of one zone; two of them have one name. */
export const places = [
  { domain: 'k8s.example.com' },
  { domain: 'k8s.example.com', environment: 'a' },
  { domain: 'a.k8s.example.com' },
  { domain: 'a.k8s.example.com', environment: 'pr-1' },
] as const

export type Actor = { readonly repository: Repository; readonly place: (typeof places)[number] }

type Step = {
  readonly actor: Actor
  readonly what: string
  /** Of what is made: whether nobody wants it any more. */
  readonly expired: boolean
  readonly fault?: Pick<RequestFault, 'failure' | 'nth' | 'times'> | undefined
}

export type History = {
  /** Lets somebody do something; tells what of others has changed through it. */
  take(step: Step): Promise<string[]>
  close(): Promise<void>
}

const store = 's3://platform-state/kops'
const { bucket, path } = parseStore(store)
const aliases = ['usa', 'eur'] as const
const regions = { usa: 'us-east-1', eur: 'eu-west-1' } as const
const environmentOf = ({ place }: Actor) => ('environment' in place ? place.environment : '')

/** One zone and one store, which all share. */
export async function openHistory(): Promise<History> {
  const universe = await startUniverse({ scale: 1_000_000 })
  universe.aws.s3.addBucket(bucket, { region: 'us-east-1', versioned: true, tags: { team: 'platform' } })
  universe.aws.s3.putObject(bucket, 'terraform/state', '{}')
  /** Who has what, by the names that only one may have: of clusters and of records. */
  const owners = new Map<string, Actor>()
  return {
    close: universe.close,
    async take(step) {
      const { actor, what, fault } = step
      if (what === 'create' && makeClusters(universe, owners, step)) return []
      const ran = await runHere(universe, {
        ...runOf(step, universe),
        repository: actor.repository,
        faults: fault === undefined ? [] : [fault],
      })
      const touched = ran.differences.filter(difference => {
        const owner = ownerOf(difference, owners)
        return owner === 'nobody' || (owner !== undefined && !mayTouch(step, owner))
      })
      forgetGone(universe, owners)
      if (what === 'apply') rememberRecord(universe, owners, actor)
      return touched
    },
  }
}

/** What a create-cluster leaves of two clusters, where nobody has any of that name; else the action itself must see that. */
function makeClusters(universe: Universe, owners: Map<string, Actor>, { actor, expired }: Step): boolean {
  const names = aliases.map(alias => fullName(alias, actor.place))
  if (names.some(name => owners.has(name))) return false
  for (const name of names) {
    const identity = { ...actor.place, repository: actor.repository, account, cluster: name }
    const mark = { ...makeMark(identity), ...(expired && { expiresAt: '2026-01-02T00:00:00Z' }) }
    universe.aws.s3.putObject(bucket, `${clusterFolder({ path }, name)}backups/etcd`, name)
    universe.aws.s3.putObject(bucket, claimKey({ path }, name), writeClaim(mark))
    owners.set(name, actor)
  }
  return true
}

function runOf({ actor, what, expired }: Step, universe: Universe): Run {
  const { place } = actor
  const given = { domain: place.domain, environment: environmentOf(actor) }
  const describe = (alias: (typeof aliases)[number]) =>
    `{name: ${alias}, region: ${regions[alias]}, stateStore: "${store}"}`
  const dns = (inputs: Record<string, string>): Run => ({
    action: 'latency-dns',
    inputs: { ...given, record: 'app', wait: 'false', verify: 'false', 'name-servers': 'none', ...inputs },
  })
  const tearDown = (inputs: Record<string, string>): Run => ({
    action: 'teardown',
    inputs: { ...given, 'drain-time': '1s', 'lease-timeout': '10s', ...inputs },
  })
  const endpoints = Object.values(regions)
    .map(region => `${region}: ${region}.${actor.repository.id}.example.net`)
    .join('\n')
  const whole = `[${aliases.map(describe).join(', ')}]`
  const runs: Record<string, Run> = {
    create: {
      action: 'create-cluster',
      inputs: { ...given, name: 'usa', zones: 'us-east-1a', 'state-store': store, 'dry-run': 'true' },
    },
    apply: dns({ endpoints, 'max-deletes': '9', ...(expired && { lifetime: '10m' }) }),
    destroy: dns({ mode: 'destroy' }),
    drain: dns({ mode: 'destroy', regions: 'eu-west-1' }),
    whole: tearDown({ clusters: whole }),
    part: tearDown({ clusters: `[${describe('usa')}]` }),
    force: tearDown({ clusters: whole, force: 'true' }),
    reap: tearDown({
      mode: 'reap',
      environment: '',
      'state-stores': store,
      'name-servers': universe.nameServer,
    }),
  }
  const run = runs[what]
  if (run === undefined) throw new Error(`nobody does ${what}`)
  return run
}

const isSame = (one: Actor, other: Actor) =>
  one.repository.id === other.repository.id && one.place === other.place

/** A reaper acts for all environments of its repository at or below its domain. */
function mayTouch({ actor, what }: Step, owner: Actor): boolean {
  if (what !== 'reap') return isSame(actor, owner)
  const { domain } = owner.place
  const within = domain === actor.place.domain || domain.endsWith(`.${actor.place.domain}`)
  return within && actor.repository.id === owner.repository.id
}

const recordOf = (actor: Actor) => `app.${rootOf(actor.place)}`

/** Whose a place is that differs: somebody's, `nobody` for what no run may touch, undefined for what was free. */
function ownerOf(difference: string, owners: ReadonlyMap<string, Actor>): Actor | 'nobody' | undefined {
  const place = difference.slice(2)
  const record = /^\d+ zone \S+ \S+ (?:_meridian\.)?(app\.\S+)\. /.exec(place)?.[1]
  if (record !== undefined) return owners.get(record)
  const cluster = /^s3:\/\/platform-state\/kops\/([^/ ]+?)(?:\/|\.(?:claim|lease)\.json )/.exec(place)?.[1]
  return cluster === undefined ? 'nobody' : owners.get(cluster)
}

/** What its own owner, or a reaper for it, has removed belongs to nobody from then on. */
function forgetGone(universe: Universe, owners: Map<string, Actor>): void {
  for (const name of owners.keys()) {
    const isRecord = name.startsWith('app.')
    const left = isRecord
      ? universe.zone.records.at(`_meridian.${name}.`).length > 0
      : universe.aws.s3.keys(bucket).some(key => key === claimKey({ path }, name))
    if (!left) owners.delete(name)
  }
}

/** Whoever has a name after an apply has it by that apply, unless somebody had it before. */
function rememberRecord({ zone }: Universe, owners: Map<string, Actor>, actor: Actor): void {
  const name = recordOf(actor)
  if (!owners.has(name) && zone.records.at(`_meridian.${name}.`).length > 0) owners.set(name, actor)
}
