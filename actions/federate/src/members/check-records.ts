import { type Aws, isAccessDenied } from '@meridian/aws'
import { route53 } from '@meridian/aws/clients'
import {
  groupsLeadingTo,
  isWithin,
  judgeGroup,
  readGroups,
  recordsLeadingTo,
  seekZone,
  type ZoneGroup,
} from '@meridian/dns'
import { type Identity, rootOf } from '@meridian/identity'
import { type JudgedMember, listMemberHostnames } from '@meridian/karmada'
import type { Kube } from '@meridian/kube'
import { UserError } from '@meridian/runner'

/**
 * Throws a UserError if a record still leads to a member that is to leave: users of its region would get no answer.
 * Any record does that leads to one of its load balancers, and of those under the identity's own names also one that
 * leads to its region. Without a hosted zone there is no record; where the zone may not be read, that cannot be known.
 */
export async function guardRecords(
  aws: Aws,
  federation: Kube,
  leaving: readonly JudgedMember[],
  identity: Identity,
): Promise<void> {
  // No record leads to what only this machine reaches, and nothing says that there is an account of AWS at all.
  const served = leaving.filter(({ cluster }) => cluster.spec.provider !== 'kind')
  if (served.length === 0) return
  const groups = await readZone(aws, identity)
  if (groups === undefined) return
  const hostnames = await listMemberHostnames(federation)
  const leading = served.flatMap(({ name, cluster }) =>
    findLeading(groups, identity, {
      region: cluster.spec.region ?? '',
      hostnames: hostnames.get(name) ?? [],
    }).map(fqdn => `${fqdn} leads to ${name}`),
  )
  if (leading.length === 0) return
  throw new UserError(`members that would be unjoined still serve users: ${leading.join(', ')}`, {
    fix: 'Run latency-dns first with endpoints that no longer name these regions (names of others: have their owners do so), wait for its TTL, and then this again. Nothing has been changed.',
    input: 'prune',
  })
}

/** Undefined without a zone that answers for the domain. */
async function readZone(aws: Aws, identity: Identity): Promise<ZoneGroup[] | undefined> {
  const client = route53(aws)
  const { domain } = identity
  try {
    const zone = await seekZone(client, { fqdn: rootOf(identity), domain })
    return zone && (await readGroups(client, zone))
  } catch (error) {
    if (!isAccessDenied(error)) throw error
    throw new UserError(
      `prune must know that no record leads to what is unjoined, but the hosted zone of ${domain} may not be read`,
      {
        fix: 'Allow route53:ListHostedZonesByName and route53:ListResourceRecordSets, or leave prune out. Nothing has been changed.',
        input: 'prune',
        cause: error,
      },
    )
  }
}

/** Names of the groups that lead to a member. Pure; exported for its tests. */
function findLeading(
  groups: readonly ZoneGroup[],
  identity: Identity,
  { region, hostnames }: { region: string; hostnames: readonly string[] },
): string[] {
  const leading = groupsLeadingTo(groups, hostnames)
  return groups
    .filter(group => {
      if (leading.includes(group)) return true
      const own = isWithin(group.fqdn, rootOf(identity))
      if (!own || recordsLeadingTo([group], region).length === 0) return false
      return judgeGroup(group, identity, { named: false }).kind !== 'foreign'
    })
    .map(({ fqdn }) => fqdn)
}
