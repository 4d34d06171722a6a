import { mkdir, mkdtemp, open, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { findManifests } from '../../src/manifests/find-manifests.ts'

let root = ''
let workspace = ''

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'meridian-manifests-'))
  workspace = join(root, 'workspace')
  await mkdir(join(workspace, 'app/deep'), { recursive: true })
  await writeFile(join(workspace, 'app/a.yaml'), 'a')
  await writeFile(join(workspace, 'app/deep/b.yml'), 'b')
  await writeFile(join(workspace, 'app/c.json'), 'c')
  await writeFile(join(workspace, 'app/notes.txt'), 'no manifest')
  await writeFile(join(root, 'outside.yaml'), 'outside')
})

const find = async (...patterns: string[]) =>
  (await findManifests(workspace, patterns)).files.map(({ path, text }) => `${path}=${text}`)

describe('manifests', () => {
  test('of a directory are all below it that look like manifests', async () => {
    expect(await find('app')).toEqual(['app/a.yaml=a', 'app/c.json=c', 'app/deep/b.yml=b'])
  })

  test('are found by globs', async () => {
    expect(await find('app/**/*.y*ml')).toEqual(['app/a.yaml=a', 'app/deep/b.yml=b'])
  })

  test('are named once, however often they match', async () => {
    expect(await find('app/a.yaml', 'app/*.yaml')).toEqual(['app/a.yaml=a'])
  })

  test('of a directory with a kustomization are left to kustomize', async () => {
    await writeFile(join(workspace, 'app/deep/kustomization.yml'), 'resources: [b.yml]')
    const { files, folders } = await findManifests(workspace, ['app/a.yaml', 'app/deep', './app/deep/'])
    expect([files.map(({ path }) => path), folders]).toEqual([['app/a.yaml'], ['app/deep']])
  })

  test('may be links inside the workspace', async () => {
    await symlink(join(workspace, 'app'), join(workspace, 'link'))
    expect(await find('link/a.yaml')).toEqual(['link/a.yaml=a'])
  })
})

describe('of a workspace that is reached through a link, as below /tmp of macOS', () => {
  beforeEach(async () => {
    await symlink(root, join(root, 'link'))
    workspace = join(root, 'link/workspace')
  })

  test.each(['app/a.yaml', 'app/a.y*ml', '.'])('%s is found by its absolute path too', async pattern => {
    expect(await find(join(workspace, pattern))).toEqual(await find(pattern))
    expect(await find(pattern)).toContain('app/a.yaml=a')
  })

  test('what is outside is refused all the same', async () => {
    for (const pattern of ['../outside.yaml', '../*.yaml'])
      await expect(find(`${workspace}/${pattern}`)).rejects.toThrow('is outside the workspace')
  })
})

describe('what is refused', () => {
  test.each(['../outside.yaml', '..', '../*.yaml', '/etc', '/etc/*.yaml', 'app/../../outside.yaml'])(
    '%s, which is outside the workspace',
    async pattern => {
      await expect(find(pattern)).rejects.toThrow('is outside the workspace')
    },
  )

  test('a link that leads outside', async () => {
    await symlink(join(root, 'outside.yaml'), join(workspace, 'app/link.yaml'))
    await expect(find('app/link.yaml')).rejects.toThrow("'app/link.yaml' is outside the workspace")
    await expect(find('app')).rejects.toThrow('is outside the workspace')
    await expect(find('app/*.yaml')).rejects.toThrow('is outside the workspace')
  })

  test('a directory that is a link to the outside', async () => {
    await symlink(root, join(workspace, 'away'))
    await expect(find('away')).rejects.toThrow('is outside the workspace')
  })

  test('a link that leads nowhere', async () => {
    await symlink(join(root, 'none'), join(workspace, 'app/link.yaml'))
    await expect(find('app')).rejects.toThrow('leads nowhere')
  })

  test.each(['none', 'app/*.toml'])('%s, which matches nothing', async pattern => {
    await expect(find(pattern)).rejects.toThrow(`'${pattern}' matches no file`)
  })

  test('a file that is too big', async () => {
    await writeFile(join(workspace, 'big.yaml'), 'x'.repeat(1024 * 1024 + 1))
    await expect(find('big.yaml')).rejects.toThrow('has 1048577 bytes')
  })

  test('a file of 50 MB, without reading it', async () => {
    const file = await open(join(workspace, 'huge.yaml'), 'w')
    await file.truncate(50 * 1024 * 1024)
    await file.close()
    await expect(find('huge.yaml')).rejects.toThrow('has 52428800 bytes')
  })

  test('files that are too big together', async () => {
    const text = 'x'.repeat(1024 * 1024)
    for (let at = 0; at < 11; at += 1) await writeFile(join(workspace, `many-${at}.yaml`), text)
    await expect(find('*.yaml')).rejects.toThrow('the files have 11534336 bytes')
  })

  test('what is no file, which might never end', async () => {
    await symlink('/dev/zero', join(workspace, 'zero.yaml'))
    await expect(find('zero.yaml')).rejects.toThrow('is outside the workspace')
    await mkdir(join(workspace, 'odd/odd.yaml'), { recursive: true })
    await expect(find('odd/*.yaml')).rejects.toThrow("'odd/odd.yaml' is not a file")
  })
})
