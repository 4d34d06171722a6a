import type { Change } from './change-batch.ts'
import { isWithin, nameProblem } from './domain-name.ts'
import { describeSlot, isSameContent, isSameSlot, policyOf, type RecordSet } from './record-set.ts'
import type { RecordTable } from './record-table.ts'
import { valueProblem } from './validate-value.ts'

export type ZoneView = { name: string; records: RecordTable }

/**
 * Why Route 53 would refuse one change, given the records as the changes before it in the batch leave them.
 * The sentences are those that users of Route 53 quote; README.md lists the sources.
 */
export function changeProblem(zone: ZoneView, { action, record }: Change): string | undefined {
  const problem = nameProblem(record.name) ?? outsideProblem(zone, record)
  if (problem) return problem
  return action === 'DELETE' ? deleteProblem(zone, record) : putProblem(zone, action, record)
}

function outsideProblem(zone: ZoneView, record: RecordSet): string | undefined {
  if (isWithin(record.name, zone.name)) return undefined
  return `RRSet with DNS name ${record.name} is not permitted in zone ${zone.name}`
}

function deleteProblem(zone: ZoneView, record: RecordSet): string | undefined {
  const current = zone.records.find(record)
  const failed = `Tried to delete resource record set ${describeSlot(record)}`
  if (!current) return `${failed} but it was not found`
  if (!isSameContent(current, record))
    return `${failed} but the values provided do not match the current values`
  if (record.name !== zone.name) return undefined
  if (record.type === 'SOA') return 'A HostedZone must contain exactly one SOA record.'
  if (record.type === 'NS') return 'A HostedZone must contain at least one NS record for the zone itself.'
  return undefined
}

function putProblem(zone: ZoneView, action: Change['action'], record: RecordSet): string | undefined {
  if (action === 'CREATE' && zone.records.find(record)) {
    return `Tried to create resource record set ${describeSlot(record)} but it already exists`
  }
  return contentProblem(record) ?? cnameProblem(zone, record) ?? groupProblem(zone, record)
}

function contentProblem(record: RecordSet): string | undefined {
  const duplicate = record.values.find((value, index) => record.values.indexOf(value) !== index)
  if (duplicate !== undefined) return `Duplicate Resource Record: '${duplicate}'`
  if (record.values.length > 1 && record.type === 'CNAME') {
    return `RRSet of type CNAME with DNS name ${record.name} must contain exactly one ResourceRecord`
  }
  if (record.values.length > 1 && record.region !== undefined) {
    return `${describeMember(record)} must contain exactly one ResourceRecord`
  }
  return record.values.map(value => valueProblem(record.type, value)).find(problem => problem !== undefined)
}

function cnameProblem(zone: ZoneView, record: RecordSet): string | undefined {
  const neighbours = zone.records.at(record.name).filter(other => other.type !== record.type)
  if (record.type === 'CNAME') {
    if (record.name === zone.name) {
      return `RRSet of type CNAME with DNS name ${record.name} is not permitted at apex in zone ${zone.name}`
    }
    if (neighbours.length === 0) return undefined
    return `RRSet of type CNAME with DNS name ${record.name} is not permitted as it conflicts with other records with the same DNS name in zone ${zone.name}`
  }
  if (!neighbours.some(other => other.type === 'CNAME')) return undefined
  return `RRSet of type ${record.type} with DNS name ${record.name} is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone ${zone.name}`
}

function groupProblem(zone: ZoneView, record: RecordSet): string | undefined {
  const group = zone.records
    .at(record.name)
    .filter(other => other.type === record.type && !isSameSlot(other, record))
  const policy = policyOf(record)
  const member = describeMember(record)
  if (policy === 'simple') {
    return group.length > 0
      ? `${member} cannot be created as other RRSets exist with the same name and type.`
      : undefined
  }
  if (group.some(other => policyOf(other) !== policy)) {
    return `${member} cannot be created because a non-${policy} RRSet with the same name and type already exists.`
  }
  if (policy === 'latency' && group.some(other => other.region === record.region)) {
    return `${member} cannot be created because a latency RRSet with the same name, type and region already exists.`
  }
  const side = group.find(other => policy === 'failover' && other.failover === record.failover)
  if (side) {
    return `${member} cannot be created because a failover RRSet with the same name, type and failover ${side.failover} already exists.`
  }
  return undefined
}

function describeMember(record: RecordSet): string {
  const base = `RRSet with DNS name ${record.name}, type ${record.type}`
  if (record.setIdentifier === undefined) return base
  const region = record.region === undefined ? '' : `, and Region Name=${record.region}`
  return `${base}, SetIdentifier ${record.setIdentifier}${region}`
}
