import { createHash } from 'node:crypto'
import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import { targetOf } from '../src/records/latency-record.ts'

/** What version 0.1 wrote and read, as it did; it stays as it is. */
export function ownerRecordSet01(
  name: string,
  owner: string,
  group: readonly ResourceRecordSet[],
  protect = false,
): ResourceRecordSet {
  const mark = `heritage=meridian,owner=${owner},group=${digestOf(group)}${protect ? ',protect=true' : ''}`
  return { Name: `${name}.`, Type: 'TXT', TTL: 300, ResourceRecords: [{ Value: `"${mark}"` }] }
}

export function readOwnerMark01(set: ResourceRecordSet) {
  const values = set.ResourceRecords ?? []
  if (set.Type !== 'TXT' || set.SetIdentifier !== undefined || values.length !== 1) return undefined
  const quoted = /^"([^"\\]*)"$/.exec(values[0]?.Value ?? '')?.[1]
  const fields = new Map(
    (quoted ?? '').split(',').map(field => {
      const [key = '', ...value] = field.split('=')
      return [key, value.join('=')] as const
    }),
  )
  const owner = fields.get('owner')
  if (fields.get('heritage') !== 'meridian' || !owner) return undefined
  const group = fields.get('group')
  return { owner, protect: fields.get('protect') === 'true', ...(group && { group }) }
}

function digestOf(group: readonly ResourceRecordSet[]): string {
  const lines = group.map(set => [
    set.Type,
    set.SetIdentifier,
    set.TTL,
    targetOf(set),
    set.AliasTarget?.HostedZoneId,
    set.AliasTarget?.EvaluateTargetHealth,
  ])
  return createHash('sha256').update(JSON.stringify(lines)).digest('hex').slice(0, 12)
}
