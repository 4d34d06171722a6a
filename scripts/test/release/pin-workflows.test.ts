import { expect, test } from 'vitest'
import { nameRelease } from '../../release/name-release.ts'
import { pinActions } from '../../release/pin-workflows.ts'

const slug = 'owner/repo'
const commit = 'a'.repeat(40)
const released = [{ name: 'latency-dns', version: '1.2.3', commit }]

test('an action of main is pinned to its released commit, with its tag beside it', () => {
  const text = '      - uses: owner/repo/actions/latency-dns@main # why\n        with: {}\n'
  expect(pinActions(text, slug, released)).toBe(
    `      - uses: owner/repo/actions/latency-dns@${commit} # latency-dns/v1.2.3\n        with: {}\n`,
  )
})

test('actions of others and workflows beside it stay as they are', () => {
  const text = '      - uses: actions/checkout@main\n          uses: ./.github/workflows/down.yml\n'
  expect(pinActions(text, slug, released)).toBe(text)
})

test.each([
  ['an action that is not released', '- uses: owner/repo/actions/teardown@main', 'no released action'],
  [
    'an action at a tag',
    '- uses: owner/repo/actions/latency-dns@latency-dns/v1',
    'a caller would not run what is released',
  ],
  ['the checkout of the caller', '- uses: ./actions/latency-dns', 'a caller would not run what is released'],
  [
    'a workflow at a branch',
    'uses: owner/repo/.github/workflows/up.yml@main',
    'a caller would not run what is released',
  ],
])('%s is refused', (_, text, reason) => {
  expect(() => pinActions(text, slug, released)).toThrow(reason)
})

test('documentation names the newest tags', () => {
  const page =
    'uses: owner/repo/actions/latency-dns@main\nuses: owner/repo/.github/workflows/up.yml@workflows/v0.9.0 # up'
  const versions = [
    { name: 'latency-dns', version: '1.2.3' },
    { name: 'workflows', version: '1.0.0' },
  ]
  expect(nameRelease(page, slug, versions)).toBe(
    'uses: owner/repo/actions/latency-dns@latency-dns/v1.2.3\nuses: owner/repo/.github/workflows/up.yml@workflows/v1.0.0 # up',
  )
})
