import { AwsError, type AwsRequest } from '@meridian/lab-aws-protocol'
import { accountForRecords } from './account-for-records.ts'
import { noteAnswers } from './answer-history.ts'
import { applyBatch } from './apply-batch.ts'
import { busySeconds, refuseWhileBusy } from './busy-zone.ts'
import { readChangeBatch } from './change-batch.ts'
import { canonicalName } from './domain-name.ts'
import type { Parts, Result } from './operation.ts'
import { pageSize } from './paginate.ts'
import { inSyncAt, publishRecords } from './published-records.ts'
import { writeRecordSet } from './record-set-xml.ts'
import type { Zone } from './zones.ts'

/** At most 300 per page; a page may begin in the middle of a latency group. */
export function listResourceRecordSets(zone: Zone, { query }: AwsRequest): Result {
  const name = query.get('name')
  const type = query.get('type')
  const setIdentifier = query.get('identifier')
  if (type !== null && name === null)
    throw new AwsError(400, 'InvalidInput', 'Record type specified without a record name.')
  if (setIdentifier !== null && type === null) {
    throw new AwsError(400, 'InvalidInput', 'Record set identifier specified without a record type.')
  }
  const most = pageSize(query.get('maxitems'), 300)
  const start = {
    ...(name === null ? {} : { name: canonicalName(name) }),
    ...(type === null ? {} : { type }),
    ...(setIdentifier === null ? {} : { setIdentifier }),
  }
  const page = take(zone.records.from(start), most + 1)
  const next = page[most]
  return {
    ResourceRecordSets: { ResourceRecordSet: page.slice(0, most).map(writeRecordSet) },
    IsTruncated: next !== undefined,
    NextRecordName: next?.name,
    NextRecordType: next?.type,
    NextRecordIdentifier: next?.setIdentifier,
    MaxItems: most,
  }
}

/** Validated first, then applied as a whole; the change is in the zone at once and INSYNC later. */
export function changeResourceRecordSets(
  { world, checks, changes }: Parts,
  zone: Zone,
  request: AwsRequest,
): Result {
  const batch = readChangeBatch(request.body.toString('utf8'))
  refuseWhileBusy(world, zone)
  for (const { action, record } of batch.changes) {
    if (action !== 'DELETE' && record.healthCheckId !== undefined) checks.get(record.healthCheckId)
  }
  const result = applyBatch(zone, batch.changes)
  if ('problems' in result) throw new AwsError(400, 'InvalidChangeBatch', `[${result.problems.join(', ')}]`)
  const now = world.clock.elapsed()
  accountForRecords(world, zone, batch.changes, result.records)
  const names = batch.changes.map(change => change.record.name)
  noteAnswers(zone.answers, names, result.records, now)
  zone.records = result.records
  publishRecords(zone, { records: result.records, at: inSyncAt(world) }, now)
  zone.busyUntil = now + busySeconds
  return { ChangeInfo: changes.submit(batch.comment) }
}

function take<T>(source: Iterable<T>, most: number): T[] {
  const taken: T[] = []
  for (const item of source) {
    taken.push(item)
    if (taken.length === most) break
  }
  return taken
}
