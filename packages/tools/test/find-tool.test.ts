import { existsSync } from 'node:fs'
import { chmod, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { testJob } from '@meridian/runner/testing'
import { expect, test } from 'vitest'
import { findTool } from '../src/index.ts'

async function placeTool(name: string, says: string): Promise<{ directory: string; path: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'tool-'))
  const path = join(directory, name)
  await writeFile(path, `#!/bin/sh\n${says}\n`)
  await chmod(path, 0o755)
  return { directory, path }
}

const jobWith = (...directories: string[]) => testJob({ env: { PATH: directories.join(delimiter) } })

test('the first on PATH that says the wanted version is taken', async () => {
  const old = await placeTool('kops', 'echo 1.35.2')
  const wanted = await placeTool('kops', 'echo 1.36.2')
  const tool = await findTool({ name: 'kops', version: '1.36.2' }, jobWith(old.directory, wanted.directory))
  expect(tool).toEqual({ name: 'kops', path: wanted.path, version: '1.36.2' })
})

test('karmadactl is asked in its own way', async () => {
  const { directory, path } = await placeTool(
    'karmadactl',
    `echo 'karmadactl version: version.Info{GitVersion:"v1.18.2", GitCommit:"a"}'`,
  )
  expect(await findTool({ name: 'karmadactl', version: '1.18.2' }, jobWith(directory))).toMatchObject({
    path,
  })
})

test('where later versions will do, the first on PATH that is no older is taken', async () => {
  const says = (version: string) => `echo 'Client Version: v${version}'; echo 'Kustomize Version: v5.8.1'`
  const [old, newer] = await Promise.all(
    ['1.31.9', '1.36.1'].map(version => placeTool('kubectl', says(version))),
  )
  const request = { name: 'kubectl', version: '1.35.7', since: '1.32' } as const
  const job = jobWith(old?.directory ?? '', newer?.directory ?? '')
  expect(await findTool(request, job)).toEqual({ name: 'kubectl', path: newer?.path, version: '1.36.1' })
  await expect(findTool({ ...request, path: old?.path }, job)).rejects.toMatchObject({
    message: `${old?.path} is kubectl 1.31.9, but kubectl 1.32 or later is wanted`,
    fix: 'Point kubectl-path to kubectl 1.32 or later.',
  })
})

test('where there is another version, it is named, and one of unknown hash is not downloaded', async () => {
  const { directory, path } = await placeTool('karmadactl', 'echo v1.17.0')
  const job = jobWith(directory)
  await expect(findTool({ name: 'karmadactl', version: '1.18.99' }, job)).rejects.toThrow(
    /sha256 of karmadactl 1\.18\.99 for .* is not known/,
  )
  expect(job.lines.join()).toContain(`on PATH, ${path} is karmadactl 1.17.0`)
})

test('a given hash rules out every other executable, which is not even asked for its version', async () => {
  const { path } = await placeTool('kops', 'touch "$0.ran"; echo 1.36.2')
  const request = { name: 'kops', version: '1.36.2', path, sha256: '0'.repeat(64) } as const
  await expect(findTool(request, jobWith())).rejects.toThrow('is not of the sha256 000')
  expect(existsSync(`${path}.ran`)).toBe(false)
})

test('something else of that name is passed over', async () => {
  const broken = await placeTool('kops', 'exit 1')
  const wanted = await placeTool('kops', 'echo 1.36.2')
  expect(
    await findTool({ name: 'kops', version: '1.36.2' }, jobWith(broken.directory, wanted.directory)),
  ).toMatchObject({ path: wanted.path })
})

test('a given path is used, and PATH is not looked at', async () => {
  const given = await placeTool('my-kops', 'echo 1.36.2')
  const onPath = await placeTool('kops', 'echo 1.36.2')
  expect(
    await findTool({ name: 'kops', version: '1.36.2', path: given.path }, jobWith(onPath.directory)),
  ).toMatchObject({ path: given.path })
})

test('a given path of another version is refused', async () => {
  const { path } = await placeTool('kops', 'echo 1.35.2')
  await expect(findTool({ name: 'kops', version: '1.36.2', path }, jobWith())).rejects.toMatchObject({
    message: `${path} is kops 1.35.2, but kops 1.36.2 is wanted`,
    input: 'kops-path',
  })
})

test('a given path that is no executable is refused', async () => {
  await expect(
    findTool({ name: 'kops', version: '1.36.2', path: '/nowhere/kops' }, jobWith()),
  ).rejects.toThrow('/nowhere/kops is not an executable file')
})
