import { channel } from 'node:diagnostics_channel'

/** Where decisions are told to whoever listens; nobody does unless the debug log is wanted. */
export const decisions = channel('meridian:decision')

export type Told = { readonly what: string; readonly decision: string }

/** Tells the debug log what was decided of `what`, in the words of `describe`, and gives it back. Changes nothing. */
export function decided<T>(what: string, decision: T, describe: (decision: T) => string): T {
  if (decisions.hasSubscribers) decisions.publish({ what, decision: describe(decision) } satisfies Told)
  return decision
}
