import { workflows } from './plan-release.ts'
import type { Release, Source } from './publish.ts'

/** What a release would push, as Markdown: a table of tags, and what it leaves out although it has changed. */
export function describeRelease({ slug }: Source, { commit, changes, unreleased }: Release): string {
  const left = unreleased.map(
    name =>
      `⚠️ The bundle of ${name} has changed since its last version, and no changeset says how: \`npx changeset\`.`,
  )
  if (changes.length === 0)
    return [`Every version of ${slug} has its tag: nothing to release.`, ...left].join('\n\n')
  const rows = changes.map(({ tag, name, was }) => {
    const to = name === workflows ? `on top of ${commit.slice(0, 7)}, pinned` : commit.slice(0, 7)
    return `| \`${tag}\` | ${to} | ${was === undefined ? 'new' : `moved from ${was.slice(0, 7)}`} |`
  })
  return [['| tag | commit | |', '|---|---|---|', ...rows].join('\n'), ...left].join('\n\n')
}
