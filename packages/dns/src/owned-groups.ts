import { ListResourceRecordSetsCommand, type ListResourceRecordSetsResponse } from '@aws-sdk/client-route-53'
import { ownerRecordName } from '@meridian/environment'
import { normalizeName } from './name.ts'
import { readOwnerMark } from './owner-mark.ts'
import type { Route53 } from './route53.ts'

/** Names in a zone whose owner TXT says that they belong to `owner`. Reads the whole zone, 300 records at a time. */
export async function ownedGroups(route53: Route53, zone: { id: string }, owner: string): Promise<string[]> {
  const names: string[] = []
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
      const subject = name.startsWith(ownerRecordName(''))
        ? name.slice(ownerRecordName('').length)
        : undefined
      if (subject !== undefined && readOwnerMark(set)?.owner === owner) names.push(subject)
    }
  } while (page.IsTruncated)
  return names
}
