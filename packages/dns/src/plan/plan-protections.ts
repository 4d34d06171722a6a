import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import type { Identity } from '@meridian/identity'
import { protectionComment, sortProtections } from '../ownership/protection-comment.ts'
import type { ProtectedKey, Protection } from '../ownership/protections.ts'
import { normalizeName } from '../zone/name.ts'
import { type Plan, type PlanRow, refuse } from './plan.ts'

/**
 * Adds to a plan what has to happen to protections: those of ours that are in its way or no longer wanted are
 * lifted, missing ones are made. Somebody else's in the way is a refusal. Pure.
 */
export function planProtections(
  plan: Plan,
  identity: Identity,
  wanted: readonly ResourceRecordSet[],
  present: readonly Protection[] = [],
): Plan {
  if (plan.kind === 'refuse') return plan
  const batch = plan.kind === 'change' ? plan.batch : []
  const touched = keysOf(batch.flatMap(({ ResourceRecordSet: set }) => (set ? [set] : [])))
  const keys = keysOf(wanted)
  const { ours, others } = sortProtections(present, identity)
  const foreign = others.filter(one => has(touched, one))
  if (foreign.length > 0) return refuseProtected(plan.rows, foreign)
  const lift = ours.filter(one => has(touched, one) || !has(keys, one))
  const staying = [...others, ...ours.filter(one => !lift.includes(one))]
  const missing = keys.filter(key => !has(staying, key))
  const comment = protectionComment(identity)
  if (missing.length > 0 && comment === undefined) return refuseNameless(plan.rows, identity)
  const protect = missing.map(key => ({ ...key, comment: comment ?? '' }))
  const rows = [...plan.rows, ...protectionRows(keys, present, lift)]
  if (batch.length === 0 && lift.length === 0 && protect.length === 0) return { kind: 'nothing', rows }
  return { kind: 'change', rows, batch, lift, protect }
}

function keysOf(sets: readonly ResourceRecordSet[]): ProtectedKey[] {
  const keys: ProtectedKey[] = []
  for (const { Name, Type } of sets) {
    const key = Type && { name: normalizeName(Name ?? ''), type: Type }
    if (key && !has(keys, key)) keys.push(key)
  }
  return keys
}

function has(keys: readonly ProtectedKey[], { name, type }: ProtectedKey): boolean {
  return keys.some(key => key.name === name && key.type === type)
}

function protectionRows(
  wanted: readonly ProtectedKey[],
  present: readonly Protection[],
  lift: readonly Protection[],
): PlanRow[] {
  const row =
    (action: PlanRow['action']) =>
    (key: ProtectedKey): PlanRow => ({
      action,
      record: 'protection',
      subject: `${key.name} ${key.type}`,
    })
  return [
    ...wanted.filter(key => has(present, key)).map(row('keep')),
    ...wanted.filter(key => !has(present, key)).map(row('create')),
    ...lift.filter(key => !has(wanted, key)).map(row('delete')),
  ]
}

function refuseNameless(rows: readonly PlanRow[], { domain }: Identity): Plan {
  return refuse(rows, {
    reason: 'protected',
    message: `${domain} is too long to be named in the comment of a protection, by which it is known whose it is`,
    fix: 'Use protect: false, or a shorter domain.',
  })
}

function refuseProtected(rows: readonly PlanRow[], foreign: readonly Protection[]): Plan {
  const found = foreign.map(({ name, type, comment }) => `${type} of ${name} (${comment || 'no comment'})`)
  return refuse(rows, {
    reason: 'protected',
    message: `Route 53 protects records from being changed, by protections that this action did not make: ${found.join('; ')}`,
    fix: 'Ask whoever made them. To go on, delete them with DeleteResourceRecordSetProtections and run again; with protect: true they are made anew, and lifted by this action when it changes the name.',
  })
}
