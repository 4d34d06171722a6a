import { isFields } from '@meridian/lab-world/json'
/** Valid on GitHub, but not carried out here. */
export class UnsupportedError extends Error {}

/** Throws for keys that this runner would otherwise skip in silence. */
export function refuseUnknownKeys(
  mapping: Record<string, unknown>,
  known: readonly string[],
  where: string,
): void {
  const unknown = Object.keys(mapping).filter(key => !known.includes(key))
  if (unknown.length > 0)
    throw new UnsupportedError(`${where}: ${unknown.join(', ')} is not supported by this runner`)
}

/** A mapping of a workflow; `where` is what an UnsupportedError calls the value that is none. */
export function record(value: unknown, where: string): Record<string, unknown> {
  if (!isFields(value)) throw new UnsupportedError(`${where} must be a mapping`)
  return value
}
