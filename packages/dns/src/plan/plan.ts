import type { Change, ResourceRecordSet } from '@aws-sdk/client-route-53'
import type { Owned } from '@meridian/identity'
import type { ProtectedKey, Protection } from '../ownership/protections.ts'
import type { ObservedGroup } from '../zone/read-group.ts'

export type PlanRow = {
  readonly action: 'create' | 'replace' | 'delete' | 'keep'
  readonly record: 'latency' | 'owner' | 'protection'
  /** The region of a latency record, the name of the owner TXT, the name and type that are protected. */
  readonly subject: string
  readonly before?: ResourceRecordSet
  readonly after?: ResourceRecordSet
}

/** What is to be done about a name: one batch, nothing, or a refusal that says what is in the way. */
export type Plan =
  | {
      readonly kind: 'change'
      readonly rows: readonly PlanRow[]
      /** Empty where only protections change. */
      readonly batch: readonly Change[]
      /** Protections of ours to lift before the batch, and those to make after it. */
      readonly lift: readonly Owned<ProtectedKey>[]
      readonly protect: readonly Protection[]
      /** Did somebody else change the group since it was written with its owner mark? */
      readonly drifted?: boolean
    }
  | { readonly kind: 'nothing'; readonly rows: readonly PlanRow[] }
  | ({ readonly kind: 'refuse'; readonly rows: readonly PlanRow[] } & Refusal)

/** A row by which nothing goes that is there. */
export type Addition = PlanRow & { readonly action: 'create' | 'keep' }

export type Refusal = {
  readonly reason:
    | 'foreign-owner'
    | 'unreadable-owner'
    | 'unowned'
    | 'in-the-way'
    | 'not-kept'
    | 'too-few-regions'
    | 'taken-out'
    | 'too-many-deletes'
    | 'too-large'
    | 'protected'
    | 'not-approved'
  readonly message: string
  readonly fix: string
}

const maxElements = 1000
const maxCharacters = 32_000

/** Whether a row takes nothing away. */
export const isAddition = (row: PlanRow): row is Addition => row.action === 'create' || row.action === 'keep'

/** A plan that only adds, to a name that is nobody's. */
export function planAdditions(rows: readonly Addition[]): Plan {
  return planOf(rows)
}

/** A plan that may replace and delete what stands at a name of the run's own. */
export function planChanges(_: Owned<ObservedGroup>, rows: readonly PlanRow[]): Plan {
  return planOf(rows)
}

/**
 * Turns rows into a plan. The batch is compare-and-swap: what exists is deleted by its exact old value, all deletes
 * before all creates, since Route 53 reads a batch in order. The owner TXT is replaced even where it stays the
 * same: it is the lock that makes a change made from an outdated observation fail whole.
 */
function planOf(rows: readonly PlanRow[]): Plan {
  if (rows.every(row => row.action === 'keep')) return { kind: 'nothing', rows }
  const touched = rows.filter(row => row.action !== 'keep')
  const batch: Change[] = [
    ...touched.flatMap(row =>
      row.before ? [{ Action: 'DELETE' as const, ResourceRecordSet: row.before }] : [],
    ),
    ...touched.flatMap(row =>
      row.after ? [{ Action: 'CREATE' as const, ResourceRecordSet: row.after }] : [],
    ),
  ]
  const values = batch.flatMap(
    change => change.ResourceRecordSet?.ResourceRecords?.map(record => record.Value ?? '') ?? [],
  )
  const characters = values.reduce((sum, value) => sum + value.length, 0)
  if (batch.length > maxElements || characters > maxCharacters) {
    return refuse(rows, {
      reason: 'too-large',
      message: `the change has ${batch.length} records and ${characters} characters; Route 53 takes ${maxElements} and ${maxCharacters} in one batch`,
      fix: 'Give fewer endpoints: a group is changed whole or not at all.',
    })
  }
  return { kind: 'change', rows, batch, lift: [], protect: [] }
}

/** A plan that does nothing, and says why. */
export function refuse(rows: readonly PlanRow[], refusal: Refusal): Plan {
  return { kind: 'refuse', rows, ...refusal }
}
