import { createHash } from 'node:crypto'
import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import { type Mark, type Reading, unmarked, unreadable } from '@meridian/identity'
import type { HealthChecks } from '../records/health-checks.ts'
import { describeRecordSet, membersAtRisk, targetOf } from '../records/latency-record.ts'
import { readTexts, writeText } from '../records/txt-value.ts'
import { normalizeName } from '../zone/name.ts'
import { parseMarkText, readMarkFields, withoutField, writeMarkText } from './mark-text.ts'

const ttlSeconds = 300

/** What a mark notes of its group beside whose it is. */
export type GroupNotes = {
  /** May there be protections of ours? Noted before they are made, and until they are lifted. */
  readonly protect: boolean
  /** The regions that somebody has taken out, sorted: no run lets them in again until they are brought back. */
  readonly out: readonly string[]
  /** Those of them that an upgrade has taken out and will bring back; the others are out because a person wants it. */
  readonly upgrading?: readonly string[] | undefined
  /** The health checks of records that are out, which they get again. */
  readonly healthChecks?: HealthChecks | undefined
}

export type OwnerMark = GroupNotes & {
  readonly reading: Reading
  /** Digest of the group that was written with it. */
  readonly group?: string
}

const noNotes: GroupNotes = { protect: false, out: [] }
/** Stands in no region's name, and not in a mark's text otherwise. */
const between = '+'

/**
 * The owner TXT of a group. It carries a digest of the group's content: every change replaces it by its exact old
 * value, so that of two changes made from the same observation only the first can succeed.
 */
export function ownerRecordSet(
  name: string,
  mark: Mark,
  group: readonly ResourceRecordSet[],
  { protect, out, upgrading, healthChecks }: Partial<GroupNotes> = {},
): ResourceRecordSet {
  const text = writeMarkText(mark, {
    group: digestOf(group),
    protect: protect ? 'true' : undefined,
    out: out?.join(between) || undefined,
    upgrading: upgrading?.filter(region => out?.includes(region)).join(between) || undefined,
    checks:
      Object.entries(healthChecks ?? {})
        .map(check => check.join(':'))
        .sort()
        .join(between) || undefined,
  })
  return { Name: `${name}.`, Type: 'TXT', TTL: ttlSeconds, ResourceRecords: [{ Value: writeText(text) }] }
}

/** Reads what stands at the name of an owner TXT. Anything that we did not write is unreadable, nothing is no mark. */
export function readOwnerMark(sets: readonly ResourceRecordSet[]): OwnerMark {
  const [set, ...others] = sets
  if (set === undefined) return { reading: unmarked, ...noNotes }
  const plain = set.Type === 'TXT' && set.SetIdentifier === undefined && set.HealthCheckId === undefined
  const texts = plain && membersAtRisk(set).length === 0 ? readTexts(set) : []
  const fields = others.length === 0 && texts.length === 1 ? parseMarkText(texts[0] ?? '') : undefined
  const name = normalizeName(set.Name ?? '')
  if (fields === undefined) {
    const found = sets.map(describeRecordSet).join('; ')
    const why = `${name} is where its owner is marked, but it holds something else: ${found}`
    return { reading: unreadable(why), ...noNotes }
  }
  const group = fields.get('group')
  const checks = fields.get('checks')?.split(between)
  const upgrading = fields.get('upgrading')?.split(between)
  return {
    reading: readMarkFields(fields, `its owner mark ${name}`),
    protect: fields.get('protect') === 'true',
    out: fields.get('out')?.split(between) ?? [],
    ...(upgrading && { upgrading }),
    ...(checks && { healthChecks: Object.fromEntries(checks.map(check => check.split(':', 2))) }),
    ...(group && { group }),
  }
}

/** Is a group what was written with its mark? Undefined where the mark does not tell. */
export function isAsMarked(
  { group }: Pick<OwnerMark, 'group'>,
  present: readonly ResourceRecordSet[],
): boolean | undefined {
  return group === undefined ? undefined : group === digestOf(present)
}

/** A record set as it would be if it expired at no time: two runs that say the same may say it at different times. */
export function withoutExpiry(set: ResourceRecordSet): ResourceRecordSet {
  if (set.Type !== 'TXT') return set
  const values = readTexts(set).map(text => ({ Value: writeText(withoutField(text, 'expires')) }))
  return { ...set, ResourceRecords: values }
}

function digestOf(group: readonly ResourceRecordSet[]): string {
  const lines = group.map(set => [
    set.Type,
    set.SetIdentifier,
    set.TTL,
    targetOf(set),
    set.AliasTarget?.HostedZoneId,
    set.AliasTarget?.EvaluateTargetHealth,
    ...(set.HealthCheckId ? [set.HealthCheckId] : []),
  ])
  return createHash('sha256').update(JSON.stringify(lines)).digest('hex').slice(0, 12)
}
