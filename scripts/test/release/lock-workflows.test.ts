import { expect, test } from 'vitest'
import { readUses, renderLock } from '../../release/lock-workflows.ts'

const commit = 'a'.repeat(40)
const other = 'b'.repeat(40)

const workflow = `jobs:
  up:
    steps:
      - uses: actions/checkout@${other} # v7.0.1
      - uses: owner/repo/actions/federate@${commit} # federate/v1.0.0
      - name: again
        uses: owner/repo/actions/teardown@${commit} # teardown/v1.0.0
  next:
    uses: ./.github/workflows/other.yml
`

test('a workflow uses whole repositories, whatever the path within them', () => {
  expect(readUses(workflow)).toEqual([
    { repository: 'actions/checkout', commit: other, ref: 'v7.0.1' },
    { repository: 'owner/repo', commit, ref: 'federate/v1.0.0' },
    { repository: 'owner/repo', commit, ref: 'teardown/v1.0.0' },
  ])
})

test.each(['- uses: actions/checkout@v7', `- uses: actions/checkout@${commit}`])(
  '%s cannot be locked',
  line => {
    expect(() => readUses(line)).toThrow('not pinned as owner/name@<commit> # <tag>')
  },
)

// The form that GitHub's own github/actions-lockfile reads, and gh actions-lock --no-fix calls valid (July 2026).
test('the lockfile names each dependency once, by commit and by the numbers of its repository', () => {
  const uses = new Map([['.github/workflows/up.yml', readUses(workflow)]])
  const ids = new Map([
    ['actions/checkout', { owner: 1, repository: 2 }],
    ['owner/repo', { owner: 3, repository: 4 }],
  ])
  expect(renderLock(uses, ids).split('\n').slice(2).join('\n')).toBe(`version: 'v0.0.2'
workflows:
    .github/workflows/up.yml:
        - 'actions/checkout@${other}'
        - 'owner/repo@${commit}'
dependencies:
    actions/checkout@${other}:
        ref: 'v7.0.1'
        commit: 'sha1-${other}'
        owner_id: 1
        repo_id: 2
    owner/repo@${commit}:
        ref: 'teardown/v1.0.0'
        commit: 'sha1-${commit}'
        owner_id: 3
        repo_id: 4
`)
})

test('a repository whose numbers are not known cannot be locked', () => {
  const uses = new Map([['.github/workflows/up.yml', readUses(workflow)]])
  expect(() => renderLock(uses, new Map())).toThrow('the numbers of actions/checkout are not known')
})
