import { UserError } from '@meridian/runner'
import { ToolFailure } from './tool-failure.ts'

/** One known way in which a tool fails. */
export type KnownFailure = {
  readonly pattern: RegExp
  /** A word for it: `quota`, `permission`, `network`. */
  readonly category: string
  /** What the reader should do. */
  readonly advice: string
  readonly retryable: boolean
}

/** The first entry of the table that a text matches. */
export function findKnown<T extends KnownFailure>(text: string, table: readonly T[]): T | undefined {
  return table.find(({ pattern }) => pattern.test(text))
}

/** The first entry of the table that a failure's output matches, headline first. */
export function classifyFailure<T extends KnownFailure>(
  failure: unknown,
  table: readonly T[],
): T | undefined {
  if (!(failure instanceof ToolFailure)) return undefined
  return findKnown(failure.headline, table) ?? findKnown(`${failure.stderr}\n${failure.stdout}`, table)
}

/** A known failure as an error that its reader can mend; undefined for one that is not in the table. */
export function explainFailure(failure: unknown, table: readonly KnownFailure[]): UserError | undefined {
  const known = classifyFailure(failure, table)
  if (!known || !(failure instanceof ToolFailure)) return undefined
  return new UserError(failure.message, { fix: known.advice, cause: failure })
}
