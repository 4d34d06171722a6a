import { describeRecordSet, type Plan, type PlanRow, planDigest, targetOf } from '@meridian/dns'

/** A record as the output `records` tells it. */
export type RecordOutput = {
  name: string
  type: string
  region?: string
  ttl?: number
  alias: boolean
  target: string
  healthCheckId?: string
}

const marks = { create: '+', replace: '~', delete: '-', keep: ' ' }

/** The plan as the output `plan`: what is there, what will be, and why not. */
export function planOutput(plan: Plan): object {
  const rows = plan.rows.map(({ action, record, subject, before, after }) => ({
    action,
    record,
    subject,
    ...(before && { before: describeRecordSet(before) }),
    ...(after && { after: describeRecordSet(after) }),
  }))
  if (plan.kind === 'change')
    return { kind: plan.kind, digest: planDigest(plan), drifted: plan.drifted ?? false, rows }
  if (plan.kind === 'nothing') return { kind: plan.kind, rows }
  return { kind: plan.kind, reason: plan.reason, message: plan.message, fix: plan.fix, rows }
}

/** The records of the name and its owner mark on one side of a plan. */
export function recordsOutput(plan: Plan, side: 'before' | 'after'): RecordOutput[] {
  return plan.rows.flatMap(row => {
    const set = row[side]
    if (set === undefined) return []
    return [
      {
        name: (set.Name ?? '').replace(/\.$/, ''),
        type: set.Type ?? '',
        ...(set.Region && { region: set.Region }),
        ...(set.TTL !== undefined && { ttl: set.TTL }),
        alias: set.AliasTarget !== undefined,
        target: targetOf(set),
        ...(set.HealthCheckId && { healthCheckId: set.HealthCheckId }),
      },
    ]
  })
}

/** The plan as lines of a log, in the manner of a diff. */
export function describePlan(plan: Plan): string[] {
  if (plan.rows.length === 0) return ['There is nothing at this name.']
  return plan.rows.map(row => `${marks[row.action]} ${describeRow(row)}`)
}

function describeRow({ subject, record, before, after }: PlanRow): string {
  if (record === 'protection') return `protection of ${subject}`
  const sides = [before, after].flatMap(set => (set ? [describeRecordSet(set)] : []))
  const [first = '', second = first] = sides
  const change = first === second ? first : `${first}  ⇒  ${second}`
  return record === 'owner' ? `${subject.replace(/\.$/, '')}: ${change}` : change
}
