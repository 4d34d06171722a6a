import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testJob } from '@meridian/runner/testing'
import { describe, expect, test } from 'vitest'
import pinned from '../../pinned-definitions.json' with { type: 'json' }
import { digestOf } from '../../src/control-plane/definitions.ts'
import { unpackDefinitions, verifyDefinitions } from '../../src/index.ts'

async function place(files: Record<string, string>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'definitions-'))
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(directory, path, '..'), { recursive: true })
    await writeFile(join(directory, path), text)
  }
  return directory
}

describe('the hash of definitions', () => {
  const files = { 'crds/bases/a.yaml': 'a', 'crds/patches/b.yaml': 'b' }

  test('is that of their paths and contents, whatever the order and the directory', async () => {
    const reversed = Object.fromEntries(Object.entries(files).reverse())
    expect(await digestOf(await place(reversed))).toBe(await digestOf(await place(files)))
  })

  test.each([
    ['content', { ...files, 'crds/patches/b.yaml': 'c' }],
    ['path', { 'crds/bases/a.yaml': 'a', 'crds/patches/c.yaml': 'b' }],
    ['further file', { ...files, 'crds/bases/z.yaml': '' }],
  ])('changes with a %s', async (_, others) => {
    expect(await digestOf(await place(others))).not.toBe(await digestOf(await place(files)))
  })

  test('does not follow links out of the archive', async () => {
    const directory = await place(files)
    await symlink('/etc/passwd', join(directory, 'crds', 'bases', 'z.yaml'))
    expect(await digestOf(directory)).toBe(await digestOf(await place(files)))
  })

  test('must be the pinned one, and the pinned ones are hashes', async () => {
    expect(Object.values(pinned).every(hash => /^[0-9a-f]{64}$/.test(hash))).toBe(true)
    const directory = await place(files)
    await expect(verifyDefinitions(directory, '1.18.2')).rejects.toThrow('are not those of Karmada 1.18.2')
    await expect(verifyDefinitions(directory, '1.18.99')).rejects.toThrow('is not known to this action')
  })
})

test('what is no archive is refused by the name of its input', async () => {
  const archive = join(await place({ 'crds.tar.gz': 'text' }), 'crds.tar.gz')
  const job = testJob({ env: { PATH: process.env.PATH } })
  await expect(unpackDefinitions(job, archive)).rejects.toMatchObject({ input: 'karmada-crds' })
})
