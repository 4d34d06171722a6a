import { spawnSync } from 'node:child_process'

/** Runs git in a working tree and returns what it prints, without the last line's end. Throws with git's own words. */
export type Git = (
  args: readonly string[],
  options?: { input?: string; env?: Record<string, string> },
) => string

/** git in a directory: with `base` in its environment, below what a call adds. */
export function gitIn(directory: string, base: NodeJS.ProcessEnv = process.env): Git {
  return (args, { input, env } = {}) => {
    const { status, stdout, stderr, error } = spawnSync('git', args, {
      cwd: directory,
      encoding: 'utf8',
      env: { ...base, ...env },
      ...(input !== undefined && { input }),
    })
    if (status !== 0) throw new Error(`git ${args[0]} failed: ${error?.message ?? stderr.trim()}`)
    return stdout.replace(/\n$/, '')
  }
}

/** The tags of a remote and the commits that they name, annotated tags peeled. */
export function readTags(git: Git, remote: string): Map<string, string> {
  const lines = git(['ls-remote', '--tags', remote]).split('\n').filter(Boolean)
  return new Map(
    lines.map(line => {
      const [commit = '', ref = ''] = line.split('\t')
      return [ref.replace('refs/tags/', '').replace('^{}', ''), commit]
    }),
  )
}

/**
 * A commit on top of another that differs in these files only, made without touching branch, index or working tree. Who and when are
 * those of the parent, so that the same content is the same commit however often it is made.
 */
export function commitFiles(
  git: Git,
  parent: string,
  files: ReadonlyMap<string, string>,
  message: string,
): string {
  const entries = [...files].map(([path, text]) => {
    const blob = git(['hash-object', '-w', '--stdin'], { input: text })
    return `100644 ${blob}\t${path}\n`
  })
  const index = { GIT_INDEX_FILE: `${git(['rev-parse', '--absolute-git-dir'])}/release-index` }
  git(['read-tree', parent], { env: index })
  git(['update-index', '--add', '--index-info'], { env: index, input: entries.join('') })
  const tree = git(['write-tree'], { env: index })
  const [name = '', email = '', date = ''] = git(['log', '-1', '--format=%cn%n%ce%n%cI', parent]).split('\n')
  const who = Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap(role => [
      [`GIT_${role}_NAME`, name],
      [`GIT_${role}_EMAIL`, email],
      [`GIT_${role}_DATE`, date],
    ]),
  )
  return git(['commit-tree', tree, '-p', parent, '-m', message], { env: who })
}

/** Pushes tags all or none; each only where the remote's tag is still what it was (`was`, or none). */
export function pushTags(
  git: Git,
  remote: string,
  changes: readonly { tag: string; commit: string; was?: string }[],
): void {
  const leases = changes.map(({ tag, was = '' }) => `--force-with-lease=refs/tags/${tag}:${was}`)
  const refs = changes.map(({ tag, commit }) => `${commit}:refs/tags/${tag}`)
  git(['push', '--atomic', ...leases, remote, ...refs])
}
