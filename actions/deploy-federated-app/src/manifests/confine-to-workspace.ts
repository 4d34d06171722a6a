import { realpath } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import { UserError } from '@meridian/runner'

/** Of one manifest file, and of all of them together. */
export const mostBytes = 1024 * 1024
export const mostBytesTogether = 10 * mostBytes

/** The real path of a file; throws when it is not inside the workspace, whose own real path is `root`. */
export async function confine(root: string, path: string): Promise<string> {
  const real = await realpath(resolve(root, path)).catch(() => undefined)
  if (real === undefined)
    throw problem(`'${path}' is a link that leads nowhere`, 'Remove it, or mend the link.')
  refuseOutside(root, real, path)
  return real
}

/** Throws a UserError for a real path that is not below `root`; `given` is how the user wrote it. */
export function refuseOutside(root: string, path: string, given: string): void {
  if (path === root || path.startsWith(root + sep)) return
  throw problem(
    `'${given}' is outside the workspace`,
    'Put the manifests into the repository, and name them by paths inside it.',
  )
}

/** What is wrong with the input `manifests`. */
export function problem(what: string, fix: string): UserError {
  return new UserError(`input manifests: ${what}`, { fix, input: 'manifests' })
}
