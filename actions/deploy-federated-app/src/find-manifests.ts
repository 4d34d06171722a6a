import type { Dirent } from 'node:fs'
import { glob, readdir, readFile, realpath, stat } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { UserError } from '@meridian/runner'

/** A manifest file: its path as the workspace has it, and its text. */
export type ManifestFile = { path: string; text: string }

const manifestName = /\.(ya?ml|json)$/
const mostFiles = 500
const mostBytes = 1024 * 1024
const mostBytesTogether = 10 * mostBytes

/**
 * Reads the files that paths, directories (recursively) and globs name. All of them must be inside the workspace,
 * also where a link leads: manifests come with a pull request, and must not make the job read the runner's files.
 */
export async function findManifests(workspace: string, patterns: readonly string[]): Promise<ManifestFile[]> {
  const root = await realpath(workspace)
  const found = new Map<string, string>()
  for (const pattern of patterns) {
    const paths = await expand(root, pattern)
    if (paths.length === 0)
      throw problem(`'${pattern}' matches no file`, 'Correct the path; it is relative to the workspace.')
    for (const path of paths) found.set(await confine(root, path), path)
  }
  if (found.size > mostFiles)
    throw problem(`there are ${found.size} files`, `Name at most ${mostFiles}, or combine them.`)
  const sizes = await Promise.all([...found].map(([real, path]) => measure(real, path)))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  if (total > mostBytesTogether)
    throw problem(
      `the files have ${total} bytes`,
      `Together they may have ${mostBytesTogether / mostBytes} MiB.`,
    )
  const files = await Promise.all(
    [...found].map(async ([real, path]) => ({ path, text: await readFile(real, 'utf8') })),
  )
  return files.map(({ path, text }) => ({ path: relative(root, resolve(root, path)), text }))
}

async function expand(root: string, pattern: string): Promise<string[]> {
  if (/[*?[\]{}]/.test(pattern)) {
    refuseOutside(root, resolve(root, pattern.split(/[*?[\]{}]/)[0] ?? ''), pattern)
    const matches: string[] = []
    for await (const path of glob(pattern, { cwd: root })) if (manifestName.test(path)) matches.push(path)
    return matches.sort()
  }
  refuseOutside(root, resolve(root, pattern), pattern)
  const info = await stat(resolve(root, pattern)).catch(() => undefined)
  if (info === undefined) return []
  if (info.isFile()) return [pattern]
  await confine(root, pattern)
  const entries = await readdir(resolve(root, pattern), { recursive: true, withFileTypes: true })
  return entries
    .filter(isManifest)
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
}

function isManifest(entry: Dirent): boolean {
  return (entry.isFile() || entry.isSymbolicLink()) && manifestName.test(entry.name)
}

/** The real path of a file; throws when it is not inside the workspace. */
async function confine(root: string, path: string): Promise<string> {
  const real = await realpath(resolve(root, path)).catch(() => undefined)
  if (real === undefined)
    throw problem(`'${path}' is a link that leads nowhere`, 'Remove it, or mend the link.')
  refuseOutside(root, real, path)
  return real
}

function refuseOutside(root: string, path: string, given: string): void {
  if (path === root || path.startsWith(root + sep)) return
  throw problem(
    `'${given}' is outside the workspace`,
    'Put the manifests into the repository, and name them by paths inside it.',
  )
}

/** The size of a file; throws for one that is too big, and for what is no file: a pipe would never end. */
async function measure(real: string, path: string): Promise<number> {
  const info = await stat(real)
  if (!info.isFile()) throw problem(`'${path}' is not a file`, 'Name a regular file.')
  if (info.size <= mostBytes) return info.size
  throw problem(
    `'${path}' has ${info.size} bytes`,
    `A manifest file may have ${mostBytes / 1024} KiB: split it.`,
  )
}

function problem(what: string, fix: string): UserError {
  return new UserError(`input manifests: ${what}`, { fix, input: 'manifests' })
}
