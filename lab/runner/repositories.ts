import { join } from 'node:path'
import { repositorySlug } from '@meridian/lab-world'
import { UnsupportedError } from './supported-syntax.ts'

/** A repository by what GitHub says of it: names, and the numbers that stay when it is renamed. */
export type Repository = { slug: string; id: string; ownerId: string }

/** Directories of other people's repositories, by `owner/name` or, for one ref alone, `owner/name@ref`. */
export type Repositories = Readonly<Record<string, string>>

/** Where a workflow file comes from: `uses: ./.github/…` in it means the same place. */
export type Source = { slug: string; ref: string; directory: string }

/** This repository, as the lab's GitHub knows it. */
export const ownRepository = (): Repository => ({
  slug: repositorySlug(),
  id: '700000001',
  ownerId: '70000001',
})

export type RemoteUse = { slug: string; path: string; ref: string }

/** Reads `owner/name[/path]@ref`; undefined for what is local (`./…`). Container actions and `$/` are refused. */
export function parseUses(uses: string): RemoteUse | undefined {
  if (uses.startsWith('./')) return undefined
  const [, slug, path = '', ref] = /^([\w.-]+\/[\w.-]+)((?:\/[^@]+)?)@([^@]+)$/.exec(uses) ?? []
  if (slug === undefined || ref === undefined) throw new UnsupportedError(`uses: ${uses} is not supported`)
  return { slug, path: path.slice(1), ref }
}

/** The place of a remote repository's files. Throws where the lab was not given it: nothing is downloaded. */
export function locate({ slug, ref }: RemoteUse, repositories: Repositories): Source {
  const known = Object.entries(repositories)
  const find = (name: string) => known.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]
  const directory = find(`${slug}@${ref}`) ?? find(slug)
  if (directory === undefined) {
    const list = known.map(([name]) => name).join(', ') || 'none'
    throw new UnsupportedError(`${slug}@${ref} is not among the repositories that run here (${list})`)
  }
  return { slug, ref, directory }
}

/** The workflow file that a job calls, and where it comes from. A local one comes from where its caller does. */
export function locateWorkflow(
  uses: string,
  caller: Source,
  repositories: Repositories,
): { file: string; source: Source } {
  const remote = parseUses(uses)
  const source = remote === undefined ? caller : locate(remote, repositories)
  return { file: join(source.directory, remote?.path ?? uses), source }
}
