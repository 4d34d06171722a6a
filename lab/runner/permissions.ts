import { record, UnsupportedError } from './supported-syntax.ts'

type PermissionLevel = 'none' | 'read' | 'write'
/** What a job's token may do, by scope (`contents`, `id-token`, …). A scope that is not named is `none`. */
export type Permissions = Readonly<Record<string, PermissionLevel>>

const levels = ['none', 'read', 'write'] as const

/** What a token may do where neither workflow nor job says it: GitHub's restricted default. */
const defaultPermissions: Permissions = { contents: 'read', packages: 'read' }

/** Reads `permissions:`; undefined where there is none. `read-all` and `write-all` are refused: name what is needed. */
export function readPermissions(value: unknown, where: string): Permissions | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'string')
    throw new UnsupportedError(`${where}: permissions: ${value} is not supported, name each of them`)
  const entries = Object.entries(record(value ?? {}, `${where}: permissions`)).map(([scope, given]) => {
    const level = levels.find(each => each === given)
    if (level === undefined) throw new UnsupportedError(`${where}: permissions: ${scope}: ${String(given)}`)
    return [scope, level] as const
  })
  return Object.fromEntries(entries)
}

/** What a job's token may do: what it says itself, else its workflow, else what called that. */
export function permissionsOf(
  job: { permissions: Permissions | undefined },
  workflow: { permissions: Permissions | undefined },
  { permissions = defaultPermissions }: { permissions?: Permissions },
): Permissions {
  return job.permissions ?? workflow.permissions ?? permissions
}

/** What `requested` asks for beyond `allowed`, in GitHub's words; undefined where it is nothing. */
export function describeExcess(requested: Permissions, allowed: Permissions): string | undefined {
  const excess = Object.entries(requested).filter(([scope, level]) => rank(level) > rank(allowed[scope]))
  if (excess.length === 0) return undefined
  const asked = excess.map(([scope, level]) => `${scope}: ${level}`).join(', ')
  const granted = excess.map(([scope]) => `${scope}: ${allowed[scope] ?? 'none'}`).join(', ')
  return `requesting '${asked}', but is only allowed '${granted}'`
}

function rank(level: PermissionLevel = 'none'): number {
  return levels.indexOf(level)
}
