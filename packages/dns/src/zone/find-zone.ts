import {
  GetHostedZoneCommand,
  type HostedZone,
  ListHostedZonesByNameCommand,
  type ListHostedZonesByNameResponse,
} from '@aws-sdk/client-route-53'
import { ForeignAnswerError, isNotFound } from '@meridian/aws'
import { UserError } from '@meridian/runner'
import { bareId, type Route53 } from '../route53.ts'
import { ancestorsOf, compareNames, isWithin, normalizeName } from './name.ts'

/** The public hosted zone that answers for a name. */
export type Zone = {
  readonly id: string
  readonly name: string
  /** Ids of private zones of the same name: they answer inside their VPCs only and are left alone. */
  readonly privateTwins: readonly string[]
  /** Names of the zone's name servers, where reading the zone brought them along. */
  readonly nameServers?: readonly string[]
  /** The status of its accelerated recovery, such as `ENABLED`; absent where Route 53 tells none. */
  readonly acceleratedRecovery?: string
}

const pageSize = 100

/**
 * Finds the public zone with the longest name that `fqdn` lies in, looking first at `domain`, which is one read
 * where the domain is a zone. Throws a UserError when there is none, or two of one name.
 */
export async function findZone(
  route53: Route53,
  name: { fqdn: string; domain: string },
  zoneId?: string,
): Promise<Zone> {
  const zone = await seekZone(route53, name, zoneId)
  if (zone === undefined) throw await explainNoZone(route53, name.domain)
  return zone
}

/**
 * The zone as `findZone` finds it, or undefined where no public zone of the account answers for the domain, which has
 * no records of ours then. A zone that is named by its id and is not there throws all the same.
 */
export async function seekZone(
  route53: Route53,
  name: { fqdn: string; domain: string },
  zoneId?: string,
): Promise<Zone | undefined> {
  if (zoneId !== undefined) return readZone(route53, name.fqdn, zoneId)
  for (const ancestor of ancestorsOf(name.domain)) {
    const zones = await listZonesFrom(route53, ancestor, name.fqdn)
    const zone = chooseZone(zones, name.fqdn)
    if (zone !== undefined) return zone
  }
  return undefined
}

/** The names of a zone's own name servers: one read, unless finding the zone brought them along. */
export async function readNameServers(route53: Route53, zone: Zone): Promise<readonly string[]> {
  if (zone.nameServers !== undefined) return zone.nameServers
  const answer = await route53.send(new GetHostedZoneCommand({ Id: zone.id }))
  return answer.DelegationSet?.NameServers ?? []
}

/** Of some listed zones the one that answers for `fqdn`: the longest public match, or undefined. Pure. */
function chooseZone(zones: readonly HostedZone[], fqdn: string): Zone | undefined {
  const matching = zones
    .map(zone => ({
      id: bareId(zone.Id ?? ''),
      name: normalizeName(zone.Name ?? ''),
      private: zone.Config?.PrivateZone === true,
      ...recoveryOf(zone),
    }))
    .filter(zone => isWithin(fqdn, zone.name))
  const found = matching.filter(zone => !zone.private).sort((a, b) => b.name.length - a.name.length)
  const longest = found[0]
  if (longest === undefined) return undefined
  const twins = found.filter(zone => zone.name === longest.name)
  if (twins.length > 1) {
    throw new UserError(
      `${twins.length} public hosted zones are named ${longest.name}: ${twins.map(zone => zone.id).join(', ')}`,
      { fix: 'Say which one is delegated to, with the input zone-id.', input: 'zone-id' },
    )
  }
  const privateTwins = matching
    .filter(zone => zone.private && zone.name === longest.name)
    .map(zone => zone.id)
  const { id, name, acceleratedRecovery } = longest
  return { id, name, privateTwins, ...(acceleratedRecovery && { acceleratedRecovery }) }
}

function recoveryOf(zone?: HostedZone): Pick<Zone, 'acceleratedRecovery'> {
  const status = zone?.Features?.AcceleratedRecoveryStatus
  return status ? { acceleratedRecovery: status } : {}
}

async function readZone(route53: Route53, fqdn: string, zoneId: string): Promise<Zone> {
  const id = bareId(zoneId)
  const answer = await route53.send(new GetHostedZoneCommand({ Id: id })).catch((error: unknown) => {
    if (!isNotFound(error)) throw error
    throw new UserError(`there is no hosted zone '${id}' in this account`, {
      fix: 'Correct the input zone-id, or leave it out: the zone is then found by its name.',
      input: 'zone-id',
      cause: error,
    })
  })
  const zone = answer.HostedZone
  const name = normalizeName(zone?.Name ?? '')
  const problem =
    zone?.Config?.PrivateZone === true
      ? 'is private: it answers inside its VPCs only'
      : isWithin(fqdn, name)
        ? undefined
        : `is of ${name}, which ${fqdn} is not part of`
  if (problem === undefined)
    return {
      id,
      name,
      privateTwins: [],
      nameServers: answer.DelegationSet?.NameServers ?? [],
      ...recoveryOf(zone),
    }
  throw new UserError(`hosted zone '${id}' ${problem}`, {
    fix: `Give the id of the public hosted zone that ${fqdn} lies in.`,
    input: 'zone-id',
  })
}

/**
 * Zones from `name` on, as far as one that `fqdn` lies in can follow: a zone delegated from this one, such as
 * that of an environment, sorts behind it.
 */
async function listZonesFrom(route53: Route53, name: string, fqdn: string): Promise<HostedZone[]> {
  const zones: HostedZone[] = []
  let start: { DNSName: string; HostedZoneId?: string } | undefined = { DNSName: name }
  while (start !== undefined) {
    const page: ListHostedZonesByNameResponse = await route53.send(
      new ListHostedZonesByNameCommand({ ...start, MaxItems: pageSize }),
    )
    if (page.IsTruncated === undefined || page.MaxItems === undefined) {
      throw new ForeignAnswerError(
        'Route 53 ListHostedZonesByName was answered by something that is no listing',
      )
    }
    zones.push(...(page.HostedZones ?? []))
    const next = page.IsTruncated ? page.NextDNSName : undefined
    const ends = next === undefined || compareNames(next, fqdn) > 0 || !isWithin(normalizeName(next), name)
    start = ends
      ? undefined
      : { DNSName: next, ...(page.NextHostedZoneId && { HostedZoneId: page.NextHostedZoneId }) }
  }
  return zones
}

async function explainNoZone(route53: Route53, domain: string): Promise<UserError> {
  const page = await route53.send(new ListHostedZonesByNameCommand({ MaxItems: pageSize }))
  const zones = page.HostedZones ?? []
  const publicNames = zones
    .filter(zone => zone.Config?.PrivateZone !== true)
    .map(zone => normalizeName(zone.Name ?? ''))
  const twin = zones.find(
    zone => zone.Config?.PrivateZone && isWithin(domain, normalizeName(zone.Name ?? '')),
  )
  const known =
    publicNames.length > 0
      ? `Public hosted zones of this account: ${[...new Set(publicNames)].join(', ')}${page.IsTruncated ? ', …' : ''}.`
      : 'This account has no public hosted zone.'
  const beside = twin
    ? ` ${normalizeName(twin.Name ?? '')} (${bareId(twin.Id ?? '')}) is private and cannot be used.`
    : ''
  return new UserError(`no public hosted zone of this account answers for '${domain}'.${beside} ${known}`, {
    fix: 'Use a domain of one of them, create the zone, or check that this is the right AWS account.',
    input: 'domain',
  })
}
