import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

/** The path of an executable on PATH, or of the one that is given; undefined where it is not installed. */
export async function findCommand(name: string, given?: string): Promise<string | undefined> {
  const candidates = given ? [given] : (process.env.PATH ?? '').split(delimiter).map(dir => join(dir, name))
  for (const candidate of candidates) {
    try {
      await access(candidate, constants.X_OK)
      return candidate
    } catch {
      // Not here.
    }
  }
  return undefined
}
