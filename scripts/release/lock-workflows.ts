import { stringify } from 'yaml'

/** A step's or job's `uses:` of another repository, at a commit. `ref` is a tag or branch that holds the commit. */
export type Use = { repository: string; commit: string; ref: string }

/** GitHub's numbers of a repository and its owner, by which the lockfile recognises it after a rename. */
export type RepositoryIds = { owner: number; repository: number }

const heading = `# This file is written by the release, in the form of \`gh actions-lock\`.
# Docs: https://docs.github.com/en/actions/concepts/security/workflow-dependency-lockfiles
`

/**
 * What a workflow uses of other repositories, and of this one by its full name, once each. Throws for what is not pinned to a
 * commit with the tag or branch that holds it in a comment.
 */
export function readUses(workflow: string): Use[] {
  const lines = [...workflow.matchAll(/^\s*-?\s*uses:\s*(?!\.{0,2}\/)(\S+)(.*)$/gm)]
  return lines.map(([line, use = '', comment = '']) => {
    const [, repository, commit] = /^([\w.-]+\/[\w.-]+)[^@]*@([0-9a-f]{40})$/.exec(use) ?? []
    const ref = /^\s+#\s+(\S+)\s*$/.exec(comment)?.[1]
    if (repository === undefined || commit === undefined || ref === undefined)
      throw new Error(`not pinned as owner/name@<commit> # <tag>: ${line.trim()}`)
    return { repository, commit, ref }
  })
}

/**
 * `.github/workflows/actions.lock` for these workflows, by their paths: format v0.0.2 as `gh actions-lock` writes it (its
 * internal/lockfile/state_marshal.go). None of what they use is a composite action, so nothing is used further down.
 */
export function renderLock(
  uses: ReadonlyMap<string, readonly Use[]>,
  ids: ReadonlyMap<string, RepositoryIds>,
): string {
  const all = [...uses.values()].flat()
  const document = {
    version: 'v0.0.2',
    workflows: Object.fromEntries(
      sorted([...uses].map(([path, list]) => [path, [...new Set(list.map(keyOf))].sort()])),
    ),
    dependencies: Object.fromEntries(sorted(all.map(use => [keyOf(use), describe(use, ids)]))),
  }
  return (
    heading +
    stringify(document, {
      defaultStringType: 'QUOTE_SINGLE',
      defaultKeyType: 'PLAIN',
      indent: 4,
      lineWidth: 0,
    })
  )
}

function keyOf({ repository, commit }: Use): string {
  return `${repository}@${commit}`
}

function describe(use: Use, ids: ReadonlyMap<string, RepositoryIds>): Record<string, string | number> {
  const known = ids.get(use.repository)
  if (known === undefined) throw new Error(`the numbers of ${use.repository} are not known`)
  return { ref: use.ref, commit: `sha1-${use.commit}`, owner_id: known.owner, repo_id: known.repository }
}

function sorted<T>(entries: [string, T][]): [string, T][] {
  return entries.sort(([one], [other]) => (one < other ? -1 : 1))
}
