import type { Dirent } from 'node:fs'
import { glob, readdir, readFile, realpath, stat } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { isKustomization } from './check-kustomization.ts'
import { confine, mostBytes, mostBytesTogether, problem, refuseOutside } from './confine-to-workspace.ts'

/** A manifest file: its path as the workspace has it, and its text. */
export type ManifestFile = { path: string; text: string }

/** `folders` are kustomizations, to be rendered: paths relative to the workspace. */
export type Found = { files: ManifestFile[]; folders: string[] }

const manifestName = /\.(ya?ml|json)$/
const mostFiles = 2_000

/**
 * Reads the files that paths, directories (recursively) and globs name. All of them must be inside the workspace,
 * also where a link leads: manifests come with a pull request, and must not make the job read the runner's files.
 */
export async function findManifests(workspace: string, patterns: readonly string[]): Promise<Found> {
  const root = await realpath(workspace)
  const found = new Map<string, string>()
  const folders = new Set<string>()
  for (const given of patterns) {
    const pattern = fromWorkspace(workspace, given)
    if (await isKustomization(root, pattern)) {
      folders.add(relative(root, await confine(root, pattern)))
      continue
    }
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
  return {
    files: files.map(({ path, text }) => ({ path: relative(root, resolve(root, path)), text })),
    folders: [...folders],
  }
}

/** A path that begins with the workspace, which may itself be a link or lie behind one (/tmp of macOS), relative to it. */
function fromWorkspace(workspace: string, pattern: string): string {
  const place = resolve(workspace)
  return pattern === place || pattern.startsWith(place + sep) ? relative(place, pattern) || '.' : pattern
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
