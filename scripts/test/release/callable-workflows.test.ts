import { repositorySlug } from '@meridian/lab-world'
import { expect, test } from 'vitest'
import { readUses } from '../../release/lock-workflows.ts'
import { pinActions } from '../../release/pin-workflows.ts'
import { readCallable, readVersioned } from '../../release/repository.ts'

const commit = 'a'.repeat(40)
const released = readVersioned().map(one => ({ ...one, commit }))

test.each([...readCallable()])('%s can be pinned to a release, and locked', (_, text) => {
  const uses = readUses(pinActions(text, repositorySlug(), released))
  expect(uses.map(use => use.repository)).toContain(repositorySlug())
})

test('the workflows are versioned with every action, so that a release of one is one of theirs', async () => {
  const { default: workflows } = await import('../../../.github/workflows/package.json', {
    with: { type: 'json' },
  })
  const actions = released
    .filter(one => one.name !== 'workflows')
    .map(one => [`@meridian/${one.name}`, one.version])
  expect(Object.entries(workflows.dependencies).sort()).toEqual(actions.sort())
})
