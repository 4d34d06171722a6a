import {
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsResponse,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53'
import { ForeignAnswerError } from '@meridian/aws'
import type { Route53 } from '../route53.ts'
import { type ReadRecordSet, watchListing } from './unread-members.ts'

/** Where a listing goes on; all three where records of one name and type are cut. */
export type RecordsStart = Pick<Partial<ResourceRecordSet>, 'Name' | 'Type' | 'SetIdentifier'>
export type RecordsPage = { readonly sets: readonly ReadRecordSet[]; readonly next?: RecordsStart }

const pageSize = 300

/**
 * One page of a zone's records, from `start` on. Throws a ForeignAnswerError for an answer that is no listing, such as
 * an empty body: it does not prove that nothing is there.
 */
export async function listRecords(
  route53: Route53,
  zoneId: string,
  start: RecordsStart = {},
): Promise<RecordsPage> {
  const command = new ListResourceRecordSetsCommand({
    HostedZoneId: zoneId,
    MaxItems: pageSize,
    StartRecordName: start.Name,
    StartRecordType: start.Type,
    StartRecordIdentifier: start.SetIdentifier,
  })
  const withUnread = watchListing(command)
  const page: ListResourceRecordSetsResponse = await route53.send(command)
  const { ResourceRecordSets: read = [], IsTruncated, MaxItems, NextRecordName } = page
  const whole = read.every(({ Name, Type }) => Name !== undefined && Type !== undefined)
  if (IsTruncated === undefined || MaxItems === undefined || !whole || (IsTruncated && !NextRecordName)) {
    throw new ForeignAnswerError(
      'Route 53 ListResourceRecordSets was answered by something that is no listing',
    )
  }
  const sets = withUnread(read)
  if (!IsTruncated) return { sets }
  return {
    sets,
    next: { Name: NextRecordName, Type: page.NextRecordType, SetIdentifier: page.NextRecordIdentifier },
  }
}
