import { route53 } from '@meridian/aws/clients'
import { groupsLeadingTo, judgeGroup, readGroups, seekZone } from '@meridian/dns'
import { describeOwner, listMemberHostnames } from '@meridian/karmada'
import type { Kube } from '@meridian/kube'
import type { Work } from '../work.ts'

/** Names that are not the run's own and lead to load balancers that a federation has in some members. */
export async function findLed(
  { aws, inputs, identity }: Work,
  federation: Kube,
  members: readonly string[],
): Promise<string[]> {
  const { domain, zoneId } = inputs
  const client = route53(aws)
  const [zone, hostnames] = await Promise.all([
    seekZone(client, { fqdn: domain, domain }, zoneId),
    listMemberHostnames(federation),
  ])
  if (zone === undefined) return []
  const groups = await readGroups(client, zone)
  return members.flatMap(name =>
    groupsLeadingTo(groups, hostnames.get(name) ?? []).flatMap(group => {
      const claim = judgeGroup(group, identity, { named: false })
      return claim.kind === 'ours'
        ? []
        : [`${group.fqdn} (it belongs to ${describeOwner(claim)}) leads to ${name}`]
    }),
  )
}
