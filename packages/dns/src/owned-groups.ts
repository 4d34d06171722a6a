import { ListResourceRecordSetsCommand, type ListResourceRecordSetsResponse } from '@aws-sdk/client-route-53'
import { ownerRecordName } from '@meridian/identity'
import { normalizeName } from './name.ts'
import { readOwnerMark } from './owner-mark.ts'
import type { Route53 } from './route53.ts'

/** Names in a zone whose owner TXT says that they belong to `owner`. Reads the whole zone, 300 records at a time. */
export async function ownedGroups(route53: Route53, zone: { id: string }, owner: string): Promise<string[]> {
  const marked = await markedGroups(route53, zone)
  return marked.filter(group => group.owner === owner).map(({ fqdn }) => fqdn)
}

/** Names in a zone that have an owner TXT of ours, and whose they are. Reads the whole zone, 300 records at a time. */
export async function markedGroups(
  route53: Route53,
  zone: { id: string },
): Promise<{ fqdn: string; owner: string }[]> {
  const found: { fqdn: string; owner: string }[] = []
  const prefix = ownerRecordName('')
  let page: ListResourceRecordSetsResponse | undefined
  do {
    page = await route53.send(
      new ListResourceRecordSetsCommand({
        HostedZoneId: zone.id,
        StartRecordName: page?.NextRecordName,
        StartRecordType: page?.NextRecordType,
        StartRecordIdentifier: page?.NextRecordIdentifier,
      }),
    )
    for (const set of page.ResourceRecordSets ?? []) {
      const name = normalizeName(set.Name ?? '')
      const owner = name.startsWith(prefix) ? readOwnerMark(set)?.owner : undefined
      if (owner !== undefined) found.push({ fqdn: name.slice(prefix.length), owner })
    }
  } while (page.IsTruncated)
  return found
}
