import type { Change } from './change-batch.ts'
import { protectionProblem } from './protection-problem.ts'
import type { RecordTable } from './record-table.ts'
import { aliasProblem } from './validate-alias.ts'
import { changeProblem } from './validate-change.ts'
import type { Zone } from './zones.ts'

export type BatchResult = { records: RecordTable } | { problems: string[] }

const mostRecords = 1000
const mostCharacters = 32_000

/**
 * Carries a batch out on a copy, in its order, all or nothing. The limits are those of the developer guide
 * ("Quotas"): an UPSERT counts twice.
 */
export function applyBatch(zone: Zone, changes: Change[]): BatchResult {
  const tooMuch = limitProblem(changes)
  if (tooMuch) return { problems: [tooMuch] }
  const records = zone.records.copy()
  const view = { id: zone.id, name: zone.name, records }
  const problems: string[] = []
  for (const change of changes) {
    const alias = change.action === 'DELETE' ? undefined : aliasProblem(view, change.record)
    const problem = protectionProblem(zone, change.record) ?? changeProblem(view, change) ?? alias
    if (problem) problems.push(problem)
    else if (change.action === 'DELETE') records.remove(change.record)
    else records.put(change.record)
  }
  return problems.length > 0 ? { problems } : { records }
}

function limitProblem(changes: Change[]): string | undefined {
  let count = 0
  let characters = 0
  for (const { action, record } of changes) {
    const times = action === 'UPSERT' ? 2 : 1
    count += times * Math.max(record.values.length, 1)
    characters += times * record.values.reduce((sum, value) => sum + value.length, 0)
  }
  if (count > mostRecords) return `Number of records limit of ${mostRecords} exceeded.`
  if (characters > mostCharacters) return `Number of characters limit of ${mostCharacters} exceeded.`
  return undefined
}
