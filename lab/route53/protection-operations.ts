import { AwsError, type AwsRequest, child, children, parseXml, textOf } from '@meridian/lab-aws-protocol'
import type { World } from '@meridian/lab-world'
import { refuseWhileBusy } from './busy-zone.ts'
import { recordTypes } from './change-batch.ts'
import { canonicalName, isWithin, nameProblem } from './domain-name.ts'
import type { Result } from './operation.ts'
import { type Protection, protectionKey } from './protection.ts'
import type { Zone } from './zones.ts'

type Problem = { entry: Protection; code: string; message: string }

const mostInRequest = 100
const mostOnPage = 300

/** All or nothing; entries that make no sense are told before those that exist already. */
export function createProtections(world: World, zone: Zone, request: AwsRequest): Result {
  const entries = readEntries(request, 'ResourceRecordSetProtectionConfig')
  refuseWhileBusy(world, zone)
  refuseInvalid(zone, entries)
  const existing = entries.filter(entry => zone.protections.has(protectionKey(entry)))
  if (existing.length > 0) {
    const problems = existing.map(entry => ({
      entry,
      code: 'ProtectionAlreadyExists',
      message: `A protection already exists for ${entry.name} ${entry.type}.`,
    }))
    if (existing.length < entries.length) throw invalidBatch(problems)
    throw refusal(409, 'ProtectionAlreadyExists', 'All of the protections already exist.', problems)
  }
  for (const entry of entries) zone.protections.set(protectionKey(entry), entry)
  return {}
}

/** Takes protections off, all or none: refused where one of them is not there. */
export function deleteProtections(world: World, zone: Zone, request: AwsRequest): Result {
  const entries = readEntries(request, 'ResourceRecordSetProtectionKey')
  refuseWhileBusy(world, zone)
  refuseInvalid(zone, entries)
  const absent = entries.filter(entry => !zone.protections.has(protectionKey(entry)))
  if (absent.length > 0) {
    throw invalidBatch(
      absent.map(entry => ({
        entry,
        code: 'ProtectionNotFound',
        message: `No protection exists for ${entry.name} ${entry.type}.`,
      })),
    )
  }
  for (const entry of entries) zone.protections.delete(protectionKey(entry))
  return {}
}

/** In the order of record sets; the token of a page is where the next one begins. */
export function listProtections(zone: Zone, { query }: AwsRequest): Result {
  const start = readStart(query)
  const most = Math.min(Number(query.get('maxresults') ?? mostOnPage) || mostOnPage, mostOnPage)
  const rest = [...zone.protections.entries()]
    .filter(([key]) => key >= start)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const next = rest[most]
  return {
    ResourceRecordSetProtections: {
      ResourceRecordSetProtection: rest
        .slice(0, most)
        .map(([, { name, type, comment }]) => ({ RecordName: name, RecordType: type, Comment: comment })),
    },
    NextToken: next && Buffer.from(`from ${next[0]}`).toString('base64url'),
  }
}

function readEntries(request: AwsRequest, element: string): Protection[] {
  const list = child(parseXml(request.body.toString('utf8')), 'Protections')
  const entries = children(list, element).map(node => {
    const comment = textOf(node, 'Comment')
    return {
      name: canonicalName(textOf(node, 'RecordName') ?? ''),
      type: textOf(node, 'RecordType') ?? '',
      ...(comment && { comment }),
    }
  })
  if (entries.length >= 1 && entries.length <= mostInRequest) return entries
  const bound = entries.length === 0 ? 'greater than or equal to 1' : `less than or equal to ${mostInRequest}`
  throw new AwsError(
    400,
    'InvalidInput',
    `1 validation error detected: Value at 'protections' failed to satisfy constraint: Member must have length ${bound}`,
  )
}

function refuseInvalid(zone: Zone, entries: readonly Protection[]): void {
  const problems = entries.flatMap((entry, index): Problem[] => {
    const message = entryProblem(zone, entry, entries.slice(0, index))
    return message === undefined ? [] : [{ entry, code: 'InvalidInput', message }]
  })
  if (problems.length > 0) throw invalidBatch(problems)
}

function entryProblem(zone: Zone, entry: Protection, earlier: readonly Protection[]): string | undefined {
  if (!recordTypes.includes(entry.type)) return `Records of type ${entry.type} cannot be protected.`
  if (!isWithin(entry.name, zone.name)) return `${entry.name} is not in the hosted zone ${zone.name}`
  if ((entry.comment?.length ?? 0) > 256) return 'The comment is longer than 256 characters.'
  if (earlier.some(other => protectionKey(other) === protectionKey(entry)))
    return 'The name and type appear more than once in the request.'
  return nameProblem(entry.name)
}

function readStart(query: URLSearchParams): string {
  const token = query.get('nexttoken')
  if (token !== null) {
    const text = Buffer.from(token, 'base64url').toString('utf8')
    if (text.startsWith('from ')) return text.slice('from '.length)
    throw new AwsError(400, 'InvalidPaginationToken', 'The pagination token is invalid.')
  }
  const [name, type] = [query.get('name'), query.get('type')]
  if (name === null && type !== null)
    throw new AwsError(400, 'InvalidInput', 'Record type specified without a record name.')
  return name === null ? '' : protectionKey({ name: canonicalName(name), type: type ?? '' })
}

function invalidBatch(problems: readonly Problem[]): AwsError {
  return refusal(
    400,
    'InvalidResourceRecordSetProtectionBatch',
    `${problems.length} entries could not be processed.`,
    problems,
  )
}

function refusal(status: number, code: string, message: string, problems: readonly Problem[]): AwsError {
  const ProtectionError = problems.map(({ entry, code, message }) => ({
    RecordName: entry.name,
    RecordType: entry.type,
    Code: code,
    Message: message,
  }))
  return new AwsError(status, code, message, { details: { Errors: { ProtectionError } } })
}
