import { AwsError, child, children, parseXml, textOf, type XmlNode } from '@meridian/lab-aws-protocol'
import { latencyRegions } from '@meridian/lab-world'
import { boundProblem } from './check-bounds.ts'
import { type RecordSet, selectorsOf } from './record-set.ts'
import { readRecordSet } from './record-set-xml.ts'

export type Change = { action: 'CREATE' | 'DELETE' | 'UPSERT'; record: RecordSet }
export type ChangeBatch = { comment?: string; changes: Change[] }

const actions = ['CREATE', 'DELETE', 'UPSERT']
export const recordTypes = [
  'A',
  'AAAA',
  'CAA',
  'CNAME',
  'DS',
  'HTTPS',
  'MX',
  'NAPTR',
  'NS',
  'PTR',
  'SOA',
  'SPF',
  'SRV',
  'SSHFP',
  'SVCB',
  'TLSA',
  'TXT',
]

/** Reads a batch and checks each change for itself; throws InvalidInput in Route 53's words. */
export function readChangeBatch(body: string): ChangeBatch {
  const batch = child(parseDocument(body), 'ChangeBatch')
  const changes = children(child(batch, 'Changes'), 'Change').map(readChange)
  if (changes.length === 0) {
    throw invalid(
      "1 validation error detected: Value '[]' at 'changeBatch.changes' failed to satisfy constraint: Member must have length greater than or equal to 1",
    )
  }
  return { changes, ...(textOf(batch, 'Comment') ? { comment: textOf(batch, 'Comment') } : {}) }
}

function parseDocument(body: string): XmlNode {
  try {
    return parseXml(body)
  } catch (error) {
    throw new AwsError(400, 'MalformedXML', `Invalid XML ; ${error instanceof Error ? error.message : error}`)
  }
}

function readChange(node: XmlNode, index: number): Change {
  const action = textOf(node, 'Action') ?? ''
  const record = readRecordSet(child(node, 'ResourceRecordSet') ?? '')
  const member = `changeBatch.changes.${index + 1}.member`
  requireMember(action, actions, `${member}.action`)
  requireMember(record.type, recordTypes, `${member}.resourceRecordSet.type`)
  if (record.region !== undefined) {
    const names = latencyRegions.map(region => region.name)
    requireMember(record.region, names, `${member}.resourceRecordSet.region`)
  }
  if (record.failover !== undefined) {
    requireMember(record.failover, ['PRIMARY', 'SECONDARY'], `${member}.resourceRecordSet.failover`)
  }
  const problem = boundProblem(record, member)
  if (problem !== undefined) throw invalid(problem)
  checkShape(action, record)
  return { action: action as Change['action'], record }
}

function requireMember(value: string, allowed: string[], where: string): void {
  if (allowed.includes(value)) return
  throw invalid(
    `1 validation error detected: Value '${value}' at '${where}' failed to satisfy constraint: Member must satisfy enum value set: [${allowed.join(', ')}]`,
  )
}

function checkShape(action: string, record: RecordSet): void {
  const identifier = record.setIdentifier ?? 'null'
  const where = `in Change with [Action=${action}, Name=${record.name}, Type=${record.type}, SetIdentifier=${identifier}]`
  const hasValues = record.ttl !== undefined && record.values.length > 0
  if (record.alias ? record.values.length > 0 || record.ttl !== undefined : !hasValues) {
    const found = record.alias ? 'more than one' : 'none'
    throw invalid(
      `Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found ${found} ${where}`,
    )
  }
  const selectors = selectorsOf(record)
  if (selectors.length > 0 && record.setIdentifier === undefined) {
    throw invalid(`Invalid request: Missing field 'SetIdentifier' ${where}`)
  }
  if (record.setIdentifier !== undefined && selectors.length !== 1) {
    const found = selectors.length === 0 ? 'none' : 'more than one'
    throw invalid(
      `Invalid request: Expected exactly one of [Weight, Region, Failover, GeoLocation, or MultiValueAnswer], but found ${found} ${where}`,
    )
  }
}

function invalid(message: string): AwsError {
  return new AwsError(400, 'InvalidInput', message)
}
