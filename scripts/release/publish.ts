import type { getOctokit } from '@actions/github'
import { commitFiles, type Git, pushTags, readTags } from './git.ts'
import { type RepositoryIds, readUses, renderLock, type Use } from './lock-workflows.ts'
import { pinActions } from './pin-workflows.ts'
import { planTags, type TagChange, type Tags, tagOf, type Versioned, workflows } from './plan-release.ts'
import { readNotes, renderRelease } from './release-notes.ts'

export type GitHub = ReturnType<typeof getOctokit>['rest']

/** A checkout of the commit that is released, and the repository on GitHub. */
export type Source = {
  git: Git
  remote: string
  slug: string
  versioned: readonly Versioned[]
  /** Callable workflows by their paths. */
  callable: ReadonlyMap<string, string>
  /** CHANGELOG.md of one that has a version. */
  changelog: (name: string) => string
}

export type Release = { commit: string; tags: Tags; changes: TagChange[]; unreleased: string[] }

/** What releasing the checked-out commit would push. Throws unless main on the remote holds it. */
export function planRelease({ git, remote, versioned }: Source): Release {
  const commit = git(['rev-parse', 'HEAD'])
  git(['fetch', '--quiet', '--tags', '--force', remote, 'refs/heads/main'])
  refuseOffMain(git, commit)
  const tags = readTags(git, remote)
  const changes = planTags(versioned, tags)
  const released = versioned.filter(one => tags.has(tagOf(one)))
  const unreleased = released.filter(one => bundleChanged(git, one, tags)).map(one => one.name)
  return { commit, tags, changes, unreleased }
}

function refuseOffMain(git: Git, commit: string): void {
  try {
    git(['merge-base', '--is-ancestor', commit, 'FETCH_HEAD'])
  } catch {
    throw new Error(`${commit.slice(0, 7)} is not on main of the remote: merge it first, then release main`)
  }
}

function bundleChanged(git: Git, one: Versioned, tags: Tags): boolean {
  if (one.name === workflows) return false
  return (
    git(['diff', '--name-only', tags.get(tagOf(one)) ?? '', 'HEAD', '--', `actions/${one.name}/dist`]) !== ''
  )
}

/**
 * The commit on top of the released one in which callable workflows name released actions by commit, with their lockfile.
 * Nothing of it is pushed here.
 */
async function pinWorkflows(source: Source, release: Release, github: GitHub): Promise<string> {
  const { git, slug, versioned, callable } = source
  const released = versioned.map(one => ({ ...one, commit: release.tags.get(tagOf(one)) ?? release.commit }))
  const pinned = new Map([...callable].map(([path, text]) => [path, pinActions(text, slug, released)]))
  const uses = new Map([...pinned].map(([path, text]) => [path, readUses(text)]))
  const lock = renderLock(uses, await readIds(uses, github))
  const files = new Map([...pinned, ['.github/workflows/actions.lock', lock]])
  return commitFiles(git, release.commit, files, `Pin the workflows to ${release.commit.slice(0, 7)}`)
}

async function readIds(
  uses: ReadonlyMap<string, readonly Use[]>,
  github: GitHub,
): Promise<Map<string, RepositoryIds>> {
  const names = [...new Set([...uses.values()].flat().map(use => use.repository))]
  return new Map(
    await Promise.all(
      names.map(async full => {
        const [owner = '', repo = ''] = full.split('/')
        const { data } = await github.repos.get({ owner, repo })
        return [full, { owner: data.owner.id, repository: data.id }] as const
      }),
    ),
  )
}

/** Pushes all tags of a release at once, or none. GitHub is asked only where workflows are pinned. */
export async function pushRelease(source: Source, release: Release, github: GitHub): Promise<void> {
  const { commit, changes } = release
  if (changes.length === 0) return
  const pins = changes.some(change => change.name === workflows)
  const pinned = pins ? await pinWorkflows(source, release, github) : commit
  pushTags(
    source.git,
    source.remote,
    changes.map(change => ({ ...change, commit: change.name === workflows ? pinned : commit })),
  )
}

/** A release on GitHub for each version that has a tag and none yet; the names of those that were made. */
export async function publishReleases(source: Source, github: GitHub): Promise<string[]> {
  const [owner = '', repo = ''] = source.slug.split('/')
  const made: string[] = []
  for (const one of source.versioned) {
    const tag = tagOf(one)
    if (await hasRelease(github, { owner, repo, tag })) continue
    await github.repos.createRelease({
      owner,
      repo,
      tag_name: tag,
      name: `${one.name} ${one.version}`,
      body: renderRelease(one, readNotes(source.changelog(one.name), one), source.slug),
      prerelease: one.version.includes('-'),
      make_latest: one.name === workflows ? 'true' : 'false',
    })
    made.push(tag)
  }
  return made
}

async function hasRelease(
  github: GitHub,
  where: { owner: string; repo: string; tag: string },
): Promise<boolean> {
  try {
    await github.repos.getReleaseByTag(where)
    return true
  } catch (error) {
    if ((error as { status?: number }).status === 404) return false
    throw error
  }
}
