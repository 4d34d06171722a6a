import {
  type FieldProblem,
  forbiddenValue,
  invalidValue,
  refuse,
  requiredValue,
  tooLongValue,
  unsupportedValue,
} from '../status-error.ts'
import { isTrue, optionsKindOf, type ResourceCall } from './call.ts'

export type WriteOptions = { manager: string; dryRun: boolean; force: boolean }

const longestManager = 128

/** The options of a write. Throws 422 with all that is wrong about them. */
export function writeOptionsOf(call: ResourceCall, { applies = false } = {}): WriteOptions {
  const { query, request, verb } = call
  const given = query.get('fieldManager') ?? ''
  const dryRuns = query.getAll('dryRun')
  const problems = [
    ...(applies && !given ? [requiredValue('fieldManager', 'is required for apply patch')] : []),
    ...(verb === 'patch' && !applies && query.has('force')
      ? [forbiddenValue('force', 'may not be specified for non-apply patch')]
      : []),
    ...managerProblems(given),
    ...(dryRuns.every(value => value === 'All') ? [] : [unsupportedValue('dryRun', dryRuns, ['All'])]),
  ]
  refuse(optionsKindOf(call), '', problems)
  // A client that does not say who it is goes by the first word of its own name.
  const client = (request.headers['user-agent'] ?? '').split('/')[0]?.slice(0, longestManager)
  return {
    manager: given || client || 'unknown',
    dryRun: dryRuns.length > 0,
    force: isTrue(query.get('force')),
  }
}

function managerProblems(manager: string): FieldProblem[] {
  if (Buffer.byteLength(manager) > longestManager) return [tooLongValue('fieldManager', longestManager)]
  const at = manager.search(/[^\P{C}]/u)
  if (at < 0) return []
  const code = (manager.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return [invalidValue('fieldManager', manager, `invalid character U+${code} (at position ${at})`)]
}
