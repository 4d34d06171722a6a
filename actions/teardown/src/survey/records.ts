import { route53 } from '@meridian/aws/clients'
import {
  type EnvironmentClaim,
  isWithin,
  judgeGroup,
  plainHostname,
  readClaims,
  readGroups,
  seekZone,
  type Zone,
  type ZoneGroup,
} from '@meridian/dns'
import { rootOf } from '@meridian/identity'
import { UserError } from '@meridian/runner'
import type { Inputs } from '../inputs.ts'
import type { Work } from '../work.ts'
import { findHostsOfOthers } from './hosts-of-others.ts'

/** What is to go of one name. */
export type FoundRecords = {
  readonly fqdn: string
  /** Of the records that go. */
  readonly regions: readonly string[]
  /** Nothing is left of the name then. */
  readonly whole: boolean
  /** Regions that go on serving it. */
  readonly served: readonly string[]
}

export type SurveyedRecords = {
  /** Undefined where no zone was needed, or there is none. */
  readonly zone: Zone | undefined
  readonly records: readonly FoundRecords[]
  /** Claims of environments without a cluster of their own, of whomever. */
  readonly claims: readonly EnvironmentClaim[]
  /** What is to be said of the zone before anything goes. */
  readonly notices: readonly string[]
}

/** Looks for the latency groups of the run's own that lead to the named clusters. One read of the zone. */
export async function surveyRecords(work: Work): Promise<SurveyedRecords> {
  const { inputs, aws } = work
  if (!inputs.scope.has('dns')) return { zone: undefined, records: [], claims: [], notices: [] }
  const client = route53(aws)
  const zone = await seekZone(client, { fqdn: inputs.domain, domain: inputs.domain }, inputs.zoneId)
  if (zone === undefined) {
    const notice = `No public hosted zone of this account answers for ${inputs.domain}: no record of it can be there.`
    if (inputs.recordNames === undefined) return { zone, records: [], claims: [], notices: [notice] }
    throw new UserError(`no public hosted zone of this account answers for '${inputs.domain}'`, {
      fix: 'Correct domain, or leave records out: without a zone no record of it can be there.',
      input: 'records',
    })
  }
  const { claims, rest } = readClaims(await readGroups(client, zone))
  const { own, notices } = selectOwn(rest, work)
  const regions = drainedRegions(inputs)
  const others = regions && (await findHostsOfOthers(aws, own, inputs.clusters))
  const records = planDrain(own, regions, others)
  return { zone, records, claims, notices: [...notices, ...records.flatMap(describeServed)] }
}

/** Regions of which nothing is to be served any more; undefined for all, where no cluster is named. Pure. */
export function drainedRegions({ clusters }: Pick<Inputs, 'clusters'>): ReadonlySet<string> | undefined {
  return clusters.length === 0 ? undefined : new Set(clusters.map(({ region }) => region))
}

/** The groups that are the run's own. One that was named and is not is refused, with its owner. */
function selectOwn(
  groups: readonly ZoneGroup[],
  { inputs: { recordNames }, identity }: Pick<Work, 'inputs' | 'identity'>,
): { own: ZoneGroup[]; notices: string[] } {
  if (recordNames === undefined) {
    const near = groups
      .filter(({ fqdn }) => isWithin(fqdn, rootOf(identity)))
      .map(group => ({ group, claim: judgeGroup(group, identity, { named: false }) }))
    return {
      own: near.filter(({ claim }) => claim.kind === 'ours').map(({ group }) => group),
      notices: near.flatMap(({ group, claim }) =>
        claim.kind === 'unreadable' ? [`${group.fqdn} stays: whose it is cannot be told: ${claim.why}.`] : [],
      ),
    }
  }
  const own = groups.filter(({ fqdn }) => recordNames.includes(fqdn))
  for (const group of own) {
    const problem = judgeNamed(group, identity)
    if (problem !== undefined) throw problem
  }
  return { own, notices: [] }
}

function describeServed({ fqdn, served }: FoundRecords): string[] {
  return served.length === 0 ? [] : [`${fqdn} goes on being served from ${served.join(', ')}.`]
}

/** Why a record that an input names must stay, if it must. Pure. */
function judgeNamed(group: ZoneGroup, identity: Work['identity']): UserError | undefined {
  const claim = judgeGroup(group, identity, { named: true })
  switch (claim.kind) {
    case 'ours':
      return undefined
    case 'foreign':
      return new UserError(`${group.fqdn} belongs to ${claim.whose}`, {
        fix: 'Take it out of records, or correct domain, environment, owner or repository. Nothing was changed.',
        input: 'records',
      })
    case 'unclaimed':
      return new UserError(`${group.fqdn} has latency records without an owner mark`, {
        fix: 'They are left alone. If they are yours, take them over with latency-dns and adopt: true, or delete them by hand.',
        input: 'records',
      })
    case 'unreadable':
      return new UserError(`whose ${group.fqdn} is cannot be told: ${claim.why}`, {
        fix: 'Look at its owner mark. Take it out of records to go on without it.',
        input: 'records',
      })
  }
}

/**
 * What goes of each group: the records of the regions that are drained (undefined: all), and the name with its last one.
 * One that leads to a load balancer of `others` stays. A mark without records goes only when no name of the owner stays
 * served. Pure.
 */
function planDrain(
  groups: readonly ZoneGroup[],
  regions: ReadonlySet<string> | undefined,
  others: ReadonlySet<string> = new Set(),
): FoundRecords[] {
  const plans = groups.map(({ fqdn, records }) => {
    const present = records.map(({ region }) => region)
    const stays = records.filter(
      ({ region, target }) => !regions?.has(region) || others.has(plainHostname(target)),
    )
    const served = regions === undefined ? [] : stays.map(({ region }) => region)
    const going = present.filter(region => !served.includes(region))
    return { fqdn, regions: going, whole: served.length === 0, served, empty: present.length === 0 }
  })
  const serving = plans.some(({ served }) => served.length > 0)
  return plans
    .filter(({ regions: going, empty }) => (empty ? !serving : going.length > 0))
    .map(({ empty: _, ...plan }) => plan)
}
