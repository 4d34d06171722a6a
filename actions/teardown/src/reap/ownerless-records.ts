import { type Aws, hostnameRegion, route53 } from '@meridian/aws'
import { isWithin, markedGroups, readGroup, targetOf, type Zone } from '@meridian/dns'
import { loadBalancers } from '@meridian/inventory'

export type OrphanGroup = { readonly fqdn: string; readonly owner: string }

/**
 * Names at or below `domain` whose owner mark names an environment that has no state bucket any more, and that lead
 * only to load balancers that this account does not have. Names that lead to anything else are left alone: their
 * owner need not be an environment.
 */
export async function findOrphanGroups(
  aws: Aws,
  zone: Zone,
  domain: string,
  owners: ReadonlySet<string>,
): Promise<OrphanGroup[]> {
  const client = route53(aws)
  const ownerless = (await markedGroups(client, zone)).filter(
    ({ fqdn, owner }) => isWithin(fqdn, domain) && !owners.has(owner),
  )
  const hosts = new Map<string, Promise<ReadonlySet<string>>>()
  const hostsOf = (region: string) => {
    const known = hosts.get(region) ?? listHosts(aws, region)
    hosts.set(region, known)
    return known
  }
  const orphans: OrphanGroup[] = []
  for (const group of ownerless) {
    const { records } = await readGroup(client, zone, group.fqdn)
    const alive = await Promise.all(records.map(record => mayLive(targetOf(record), hostsOf)))
    if (!alive.includes(true)) orphans.push(group)
  }
  return orphans
}

async function listHosts(aws: Aws, region: string): Promise<ReadonlySet<string>> {
  return new Set((await loadBalancers(aws, region, {})).map(({ hostname }) => hostname.toLowerCase()))
}

async function mayLive(
  target: string,
  hostsOf: (region: string) => Promise<ReadonlySet<string>>,
): Promise<boolean> {
  const host = target.replace(/^dualstack\./, '')
  const region = hostnameRegion(host)?.region
  return region === undefined || (await hostsOf(region)).has(host)
}
