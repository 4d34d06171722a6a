import { createHash } from 'node:crypto'
import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import { targetOf } from './latency-record.ts'

const heritage = 'meridian'
const ttlSeconds = 300

export type OwnerMark = {
  readonly owner: string
  readonly group?: string
  /** May there be protections of ours? Noted before they are made, and until they are lifted. */
  readonly protect: boolean
}

/**
 * The owner TXT of a group. It carries a digest of the group's content: every change replaces it by its exact old
 * value, so that of two changes made from the same observation only the first can succeed.
 */
export function ownerRecordSet(
  name: string,
  owner: string,
  group: readonly ResourceRecordSet[],
  protect = false,
): ResourceRecordSet {
  const mark = `heritage=${heritage},owner=${owner},group=${digestOf(group)}${protect ? ',protect=true' : ''}`
  return { Name: `${name}.`, Type: 'TXT', TTL: ttlSeconds, ResourceRecords: [{ Value: `"${mark}"` }] }
}

/** Reads an owner TXT; undefined for anything that we did not write. */
export function readOwnerMark(set: ResourceRecordSet): OwnerMark | undefined {
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
  if (fields.get('heritage') !== heritage || !owner) return undefined
  const group = fields.get('group')
  return { owner, protect: fields.get('protect') === 'true', ...(group && { group }) }
}

/** Is a group still what was written with its mark, as far as the mark tells? */
export function isAsMarked(mark: ResourceRecordSet, group: readonly ResourceRecordSet[]): boolean {
  const written = readOwnerMark(mark)?.group
  return written === undefined || written === digestOf(group)
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
