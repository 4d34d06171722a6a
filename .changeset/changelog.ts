// How `changeset version` writes the changelogs: for users, who want to know what changed and not by which commit.
import type { GetDependencyReleaseLine, GetReleaseLine } from '@changesets/types'

/** A change as a list item; its further lines are indented to belong to it. */
export const getReleaseLine: GetReleaseLine = async ({ summary }) => {
  const [first = '', ...more] = summary.trim().split('\n')
  return [`- ${first}`, ...more.map(line => (line === '' ? '' : `  ${line}`))].join('\n')
}

/** What a release of the workflows says of the actions that they run. */
export const getDependencyReleaseLine: GetDependencyReleaseLine = async (_, updated) => {
  const actions = updated.map(({ name, newVersion }) => `${name.replace('@meridian/', '')} ${newVersion}`)
  return actions.length === 0 ? '' : `- Runs ${actions.join(', ')}.`
}
